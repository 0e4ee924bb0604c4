/**
 * The timeline's geometry: one block a month, a heading above rows of photos.
 *
 * A block's height is estimated from its count until its photos are known, then exact; what was
 * estimated below a known row stays estimated. **Invariant:** blocks stand in order without gaps
 * or overlaps, so a position belongs to exactly one.
 */

import type { Section } from '../backend/types/Section';
import type { Tile } from '../backend/types/Tile';
import { aspect, estimatedHeight, type Frame, heightOf, justify, type Row } from './justify';

export const HEADING = 56;
const AFTER = 16;

export interface Block {
  readonly month: string | null;
  readonly count: number;
  /** From the top of the timeline. */
  readonly y: number;
  readonly height: number;
  /** The first photos of the month, as far as they are known. */
  readonly tiles: readonly Tile[];
  /** Of `tiles`; a row that may still grow is not among them. */
  readonly rows: readonly Row[];
  /** All photos of the month are in `tiles`. */
  readonly complete: boolean;
}

/** Where the view stands, in terms that survive a change of heights. */
export interface Anchor {
  readonly month: string | null;
  readonly tile: number | null;
  /** From the tile's or else the block's top edge down to the view's. */
  readonly below: number;
}

export function keyOf(month: string | null): string {
  return month ?? 'undated';
}

/** Blocks of these sections; what was known of a month with the same count is kept. */
export function arrange(
  sections: readonly Section[],
  before: readonly Block[],
  frame: Frame,
): Block[] {
  const known = new Map(before.map((block) => [keyOf(block.month), block]));
  return stack(
    sections
      .filter(({ count }) => count > 0)
      .map(({ month, count }) => {
        const old = known.get(keyOf(month));
        if (old && old.count === count) return old;
        if (old) return measured({ ...old, count }, frame);
        return fresh(month, count, frame);
      }),
  );
}

/** The block with these photos, the first of its month. */
export function filled(
  block: Block,
  tiles: readonly Tile[],
  complete: boolean,
  frame: Frame,
): Block {
  const grown = tiles.length >= block.tiles.length && startsWith(tiles, block.tiles);
  const aspects = tiles.map(({ width, height }) => aspect(width, height));
  const rows = justify(aspects, frame, grown && !block.complete ? block.rows : []);
  if (!complete) rows.pop();
  const count = complete ? tiles.length : Math.max(block.count, tiles.length);
  return measured({ ...block, count, tiles, rows, complete }, frame);
}

/** The answer in terms of what is known: photos that are the same stay the same objects. */
export function merged(known: readonly Tile[], answer: readonly Tile[]): readonly Tile[] {
  const old = new Map(known.map((tile) => [tile.id, tile]));
  const tiles = answer.map((tile) => {
    const before = old.get(tile.id);
    return before && isSame(before, tile) ? before : tile;
  });
  const unchanged =
    tiles.length === known.length && tiles.every((tile, index) => tile === known[index]);
  return unchanged ? known : tiles;
}

/** The block without its photos; its height stays, so nothing moves. */
export function emptied(block: Block): Block {
  return { ...block, tiles: [], rows: [], complete: false };
}

/** The same photos in another width. */
export function reframed(blocks: readonly Block[], frame: Frame): Block[] {
  return stack(
    blocks.map((block) => {
      const bare = { ...block, tiles: [], rows: [] };
      if (block.tiles.length === 0) return measured(bare, frame);
      return filled(bare, block.tiles, block.complete, frame);
    }),
  );
}

/** The block put in place of the one of its month. */
export function replaced(blocks: readonly Block[], block: Block): Block[] {
  return stack(blocks.map((old) => (old.month === block.month ? block : old)));
}

export function totalHeight(blocks: readonly Block[]): number {
  const last = blocks.at(-1);
  return last ? last.y + last.height : 0;
}

/** Index of the block at `y`, or the nearest. */
export function blockAt(blocks: readonly Block[], y: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.y ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How much of the block is laid out, from its top. */
export function laidOut(block: Block): number {
  if (block.complete) return block.height;
  return block.rows.length === 0 ? 0 : HEADING + heightOf(block.rows);
}

/** The row in which the photo of this index stands, if it is laid out. */
export function rowOf(block: Block, index: number): Row | null {
  let low = 0;
  let high = block.rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((block.rows[middle]?.first ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const row = block.rows[low];
  return row && index >= row.first && index < row.first + row.photos.length ? row : null;
}

export function anchor(blocks: readonly Block[], top: number): Anchor | null {
  const block = blocks[blockAt(blocks, top)];
  if (!block) return null;
  const row = block.rows.find(({ y, height }) => block.y + HEADING + y + height > top);
  const tile = row && block.tiles[row.first];
  if (!row || !tile || top < block.y + HEADING) {
    return { month: block.month, tile: null, below: top - block.y };
  }
  return { month: block.month, tile: tile.id, below: top - (block.y + HEADING + row.y) };
}

/** Where the view's top edge is now for an anchor taken before; null: its month is gone. */
export function anchored(blocks: readonly Block[], { month, tile, below }: Anchor): number | null {
  const block = blocks.find((candidate) => candidate.month === month);
  if (!block) return null;
  if (tile !== null) {
    const index = block.tiles.findIndex(({ id }) => id === tile);
    const row = index < 0 ? null : rowOf(block, index);
    if (row) return block.y + HEADING + row.y + below;
  }
  return block.y + Math.min(below, Math.max(0, block.height - 1));
}

function fresh(month: string | null, count: number, frame: Frame): Block {
  const bare = { month, count, y: 0, height: 0, tiles: [], rows: [], complete: false };
  return measured(bare, frame);
}

function measured(block: Block, frame: Frame): Block {
  return { ...block, height: HEADING + bodyHeight(block, frame) + AFTER };
}

function bodyHeight({ rows, count, complete }: Block, frame: Frame): number {
  if (complete) return heightOf(rows);
  const last = rows.at(-1);
  const placed = last ? last.first + last.photos.length : 0;
  const rest = estimatedHeight(count - placed, frame);
  if (!last) return rest;
  return heightOf(rows) + (rest > 0 ? frame.gap + rest : 0);
}

function stack(blocks: readonly Block[]): Block[] {
  let y = 0;
  return blocks.map((block) => {
    const placed = block.y === y ? block : { ...block, y };
    y += block.height;
    return placed;
  });
}

function startsWith(tiles: readonly Tile[], start: readonly Tile[]): boolean {
  return start.every((tile, index) => {
    const other = tiles[index];
    return other?.id === tile.id && other.width === tile.width && other.height === tile.height;
  });
}

function isSame(a: Tile, b: Tile): boolean {
  return (Object.keys(b) as (keyof Tile)[]).every((field) => a[field] === b[field]);
}
