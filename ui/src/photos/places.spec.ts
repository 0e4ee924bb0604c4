import { expect, it } from 'vitest';
import type { Tile } from '../backend/types/Tile';
import { arrange, filled, replaced } from './blocks';
import { neighbour, type Place, rowsAway, utmost, vertical } from './places';

const frame = { width: 600, rowHeight: 150, gap: 3 };

function squares(count: number): Tile[] {
  return Array.from({ length: count }, (_, at) => ({
    id: at,
    name: `${at}.jpg`,
    width: 1000,
    height: 1000,
    thumbhash: null,
    thumb: null,
    thumb_state: 'coming' as const,
    state: 'backed_up' as const,
    favourite: false,
    taken_at: null,
    cursor: String(at),
  }));
}

const months = [
  { month: '2026-02', count: 10 },
  { month: '2026-01', count: 6 },
  { month: null, count: 3 },
];
const blocks = arrange(months, [], frame).reduce(
  (all, block) => replaced(all, filled(block, squares(block.count), true, frame)),
  arrange(months, [], frame),
);
const at = (month: string | null, index: number): Place => ({ month, index });

//  name, from, one further, one back, below, above; four squares fill a row
const cases: readonly [string, Place, (Place | null)[]][] = [
  ['the first', at('2026-02', 0), [at('2026-02', 1), null, at('2026-02', 4), null]],
  [
    'in the middle',
    at('2026-02', 5),
    [at('2026-02', 6), at('2026-02', 4), at('2026-02', 9), at('2026-02', 1)],
  ],
  [
    'the last of a month',
    at('2026-02', 9),
    [at('2026-01', 0), at('2026-02', 8), at('2026-01', 1), at('2026-02', 5)],
  ],
  ['the last of all', at(null, 2), [null, at(null, 1), null, at('2026-01', 5)]],
];

it.each(cases)('%s', (_, from, expected) => {
  expect([
    neighbour(blocks, from, 1),
    neighbour(blocks, from, -1),
    vertical(blocks, from, 1),
    vertical(blocks, from, -1),
  ]).toEqual(expected);
});

it('a month that is gone has no neighbours', () => {
  expect(neighbour(blocks, at('1999-01', 0), 1)).toBeNull();
});

it('a page is so many rows, over the months, and ends where the photos end', () => {
  expect(rowsAway(blocks, at('2026-02', 0), 1, 3)).toEqual(at('2026-01', 0));
  expect(rowsAway(blocks, at('2026-02', 0), 1, 100)).toEqual(at(null, 2));
  expect(rowsAway(blocks, at('2026-02', 0), -1, 3)).toBeNull();
  expect(rowsAway([], at('2026-02', 0), 1, 3)).toBeNull();
});

it('the newest and the oldest photo are the ends', () => {
  expect(utmost(blocks, 'newest')).toEqual(at('2026-02', 0));
  expect(utmost(blocks, 'oldest')).toEqual(at(null, 2));
  expect(utmost([], 'oldest')).toBeNull();
});
