/** A photo's place in the timeline, and the places around it. */

import { type Block, rowOf } from './blocks';
import type { Placed } from './justify';

/** One photo of one month, counted from its newest. */
export interface Place {
  readonly month: string | null;
  readonly index: number;
}

/** The place before or after, over the months' borders; null: beyond the ends. */
export function neighbour(blocks: readonly Block[], place: Place, by: 1 | -1): Place | null {
  const here = blocks.findIndex((block) => block.month === place.month);
  const block = blocks[here];
  if (!block) return null;
  const next = place.index + by;
  if (next >= 0 && next < block.count) return { month: block.month, index: next };
  const other = blocks[here + by];
  if (!other) return null;
  return { month: other.month, index: by > 0 ? 0 : other.count - 1 };
}

/** The photo nearest to the middle of this one, a row below or above. */
export function vertical(blocks: readonly Block[], place: Place, by: 1 | -1): Place | null {
  const here = blocks.findIndex((block) => block.month === place.month);
  const block = blocks[here];
  const row = block && rowOf(block, place.index);
  if (!block || !row) return neighbour(blocks, place, by);
  const inside = block.rows[block.rows.indexOf(row) + by];
  const other = inside ? block : blocks[here + by];
  const target = inside ?? (by > 0 ? other?.rows[0] : other?.rows.at(-1));
  if (!other || !target) return neighbour(blocks, place, by);
  const from = row.photos[place.index - row.first];
  const middle = from ? from.x + from.width / 2 : 0;
  return { month: other.month, index: target.first + nearest(target.photos, middle) };
}

/** So many rows further below or above, or as far as there are any; null: not one. */
export function rowsAway(
  blocks: readonly Block[],
  place: Place,
  by: 1 | -1,
  rows: number,
): Place | null {
  let there: Place | null = null;
  for (let row = 0; row < rows; row += 1) {
    const next = vertical(blocks, there ?? place, by);
    if (next === null) break;
    there = next;
  }
  return there;
}

/** The newest or the oldest photo of all; null: there are none. */
export function utmost(blocks: readonly Block[], which: 'newest' | 'oldest'): Place | null {
  const block = which === 'newest' ? blocks[0] : blocks.at(-1);
  return block ? { month: block.month, index: which === 'newest' ? 0 : block.count - 1 } : null;
}

function nearest(photos: readonly Placed[], middle: number): number {
  const distances = photos.map(({ x, width }) => Math.abs(x + width / 2 - middle));
  return distances.indexOf(Math.min(...distances));
}
