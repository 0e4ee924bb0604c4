/** The part of the gallery that is drawn: the months near the view, and their tiles. */

import type { Failure } from '../backend/backend';
import type { Tile } from '../backend/types/Tile';
import { type Block, blockAt, HEADING, keyOf, laidOut } from './blocks';
import { rowAt } from './justify';

/** Between two photos. */
export const GAP = 3;
/** A section's element never begins further than this above the view (engines cap coordinates). */
const REACH = 1_000_000;

export interface ShownTile {
  readonly tile: Tile;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a month that is near the view. `y`s of tiles count from `top`. */
export interface ShownBlock {
  readonly key: string;
  readonly month: string | null;
  readonly count: number;
  readonly top: number;
  readonly height: number;
  readonly tiles: readonly ShownTile[];
  /** Where photos are still to come. */
  readonly blank: { readonly y: number; readonly height: number } | null;
  readonly failure: Failure | null;
}

/** What is drawn of the blocks, in pixels of the whole gallery. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** How far the scroll space is behind the gallery. */
  readonly shift: number;
  readonly failures: ReadonlyMap<string, Failure>;
}

export function shownOf(blocks: readonly Block[], window: Window): ShownBlock[] {
  const shown: ShownBlock[] = [];
  for (let index = blockAt(blocks, window.from); index < blocks.length; index += 1) {
    const block = blocks[index];
    if (!block || block.y > window.to) break;
    if (block.y + block.height >= window.from) shown.push(show(block, window));
  }
  return shown;
}

function show(block: Block, { from, to, shift, failures }: Window): ShownBlock {
  const begins = Math.max(0, Math.floor((from - block.y) / REACH)) * REACH;
  const laid = laidOut(block);
  const tiles: ShownTile[] = [];
  for (let at = rowAt(block.rows, from - block.y - HEADING); at < block.rows.length; at += 1) {
    const row = block.rows[at];
    if (!row || block.y + HEADING + row.y > to) break;
    row.photos.forEach(({ x, width }, nth) => {
      const tile = block.tiles[row.first + nth];
      const y = HEADING + row.y - begins;
      if (tile) tiles.push({ tile, index: row.first + nth, x, y, width, height: row.height });
    });
  }
  const blankFrom = Math.max(HEADING, laid === 0 ? HEADING : laid + GAP, begins);
  const blankTo = Math.min(block.height - 16, to - block.y);
  return {
    key: keyOf(block.month),
    month: block.month,
    count: block.count,
    top: block.y + begins - shift,
    height: Math.min(block.height - begins, REACH * 2),
    tiles,
    blank:
      block.complete || blankTo <= blankFrom
        ? null
        : { y: blankFrom - begins, height: blankTo - blankFrom },
    failure: failures.get(keyOf(block.month)) ?? null,
  };
}
