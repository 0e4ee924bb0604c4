/**
 * The scrubber's arithmetic: positions along the counts of the months, so that a label stays
 * where it is while heights become known.
 */

import { type Block, blockAt } from './blocks';
import { clampTop, type Space } from './scroll';

export interface Mark {
  readonly key: string;
  readonly kind: 'year' | 'dot';
  readonly label: string;
  /** From the top, 0 to 1. */
  readonly at: number;
}

const BETWEEN_YEARS = 22;
const BETWEEN_DOTS = 7;
const DOT_FROM_YEAR = 13;

/** Years where there is room for their label, a dot for each other month that has room. */
export function marks(blocks: readonly Block[], height: number): Mark[] {
  const total = photosIn(blocks);
  if (total === 0 || height <= 0) return [];
  const years: Mark[] = [];
  const months: Mark[] = [];
  let before = 0;
  let lastYear: string | null = null;
  for (const { month, count } of blocks) {
    const at = before / total;
    const year = month?.slice(0, 4) ?? null;
    if (year !== null && year !== lastYear && fits(years.at(-1), at, height, BETWEEN_YEARS)) {
      years.push({ key: `y${year}`, kind: 'year', label: year, at });
    } else if (month !== null && fits(months.at(-1), at, height, BETWEEN_DOTS)) {
      months.push({ key: month, kind: 'dot', label: month, at });
    }
    lastYear = year;
    before += count;
  }
  const dots = months.filter((dot) =>
    years.every((year) => Math.abs(year.at - dot.at) * height >= DOT_FROM_YEAR),
  );
  return [...years, ...dots];
}

/** Where the view stands. */
export function fractionOf(blocks: readonly Block[], top: number, space: Space): number {
  const total = photosIn(blocks);
  const index = blockAt(blocks, top);
  const block = blocks[index];
  if (!block || total === 0) return 0;
  if (space.content > 0 && top >= space.content - space.view) return top > 0 ? 1 : 0;
  const before = photosIn(blocks.slice(0, index));
  const inside = block.height > 0 ? Math.min(1, (top - block.y) / block.height) : 0;
  return (before + inside * block.count) / total;
}

/** The top edge of the view for a place on the track. */
export function topOf(blocks: readonly Block[], at: number, space: Space): number {
  const { block, inside } = find(blocks, at);
  return block ? clampTop(block.y + inside * block.height, space) : 0;
}

/** Undefined: there are no months. */
export function monthAt(blocks: readonly Block[], at: number): string | null | undefined {
  return find(blocks, at).block?.month;
}

function find(blocks: readonly Block[], at: number): { block: Block | undefined; inside: number } {
  let left = at * photosIn(blocks);
  for (const block of blocks) {
    if (left < block.count) return { block, inside: left / block.count };
    left -= block.count;
  }
  return { block: blocks.at(-1), inside: 1 };
}

function photosIn(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

function fits(last: Mark | undefined, at: number, height: number, room: number): boolean {
  return last === undefined || (at - last.at) * height >= room;
}
