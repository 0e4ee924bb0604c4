import { describe, expect, it } from 'vitest';
import type { Tile } from '../backend/types/Tile';
import { arrange, type Block, filled, HEADING, replaced } from '../photos/blocks';
import { EVERYTHING } from '../photos/timeline.svelte';
import {
  type Choice,
  count,
  has,
  NOTHING,
  ofMonth,
  ranged,
  selection,
  together,
  toggled,
  touched,
  withMonths,
  withoutMonth,
} from './choice';

const frame = { width: 300, rowHeight: 100, gap: 3 };

function tile(id: number): Tile {
  return {
    id,
    name: `${id}.jpg`,
    width: 100,
    height: 100,
    thumbhash: null,
    thumb: null,
    thumb_state: 'made',
    state: 'backed_up',
    favourite: false,
    taken_at: null,
    cursor: String(id),
  };
}

/** June has 6 photos (1–6), of which all are known; May 100,000, none known; April 4 (11–14). */
function months(): Block[] {
  const sections = [
    { month: '2019-06', count: 6 },
    { month: '2019-05', count: 100_000 },
    { month: '2019-04', count: 4 },
  ];
  const tiles = (from: number, many: number) =>
    Array.from({ length: many }, (_, at) => tile(from + at));
  let blocks: Block[] = arrange(sections, [], frame);
  const [june, , april] = blocks;
  if (!june || !april) throw new Error('there are months');
  blocks = replaced(blocks, filled(june, tiles(1, 6), true, frame));
  return replaced(blocks, filled(april, tiles(11, 4), true, frame));
}

const blocks = months();
const [june, may, april] = blocks as [Block, Block, Block];
const inJune = (id: number) => ({ id, month: '2019-06' });
const chosenOf = (choice: Choice, block: Block) =>
  block.tiles.filter(({ id }) => has(choice, { id, month: block.month })).map(({ id }) => id);

describe('a choice', () => {
  it('takes a photo and lets it go', () => {
    const one = toggled(NOTHING, inJune(2));
    expect(has(one, inJune(2))).toBe(true);
    expect(count(one, blocks)).toBe(1);
    expect(ofMonth(one, june)).toBe('some');
    expect(count(toggled(one, inJune(2)), blocks)).toBe(0);
  });

  it('takes a month of any size whole, without a few', () => {
    const whole = withMonths(toggled(NOTHING, inJune(2)), ['2019-05', '2019-06']);
    expect(count(whole, blocks)).toBe(100_006);
    expect([ofMonth(whole, june), ofMonth(whole, may), ofMonth(whole, april)]).toEqual([
      'all',
      'all',
      'none',
    ]);
    const few = toggled(whole, inJune(3));
    expect(count(few, blocks)).toBe(100_005);
    expect(ofMonth(few, june)).toBe('some');
    expect(count(withoutMonth(few, '2019-05'), blocks)).toBe(5);
  });

  it('is the whole month when each of its photos was taken', () => {
    const all = together(NOTHING, [1, 2, 3, 4, 5, 6].map(inJune));
    expect(ofMonth(all, june)).toBe('all');
  });

  it('says to the library what it is', () => {
    const choice = toggled(withMonths(toggled(NOTHING, inJune(2)), ['2019-05']), {
      id: 77,
      month: '2019-05',
    });
    expect(selection(EVERYTHING, choice)).toEqual({
      query: EVERYTHING,
      months: ['2019-05'],
      except: [77],
      ids: [2],
    });
  });
});

describe('a range', () => {
  const from = { month: '2019-06', index: 3 };
  const to = { month: '2019-04', index: 1 };

  it.each([
    ['down', from, to],
    ['up', to, from],
  ])('goes over months that were never loaded, %s', (_, a, b) => {
    const choice = ranged(NOTHING, blocks, a, b);
    expect(chosenOf(choice, june)).toEqual([4, 5, 6]);
    expect(chosenOf(choice, april)).toEqual([11, 12]);
    expect(count(choice, blocks)).toBe(3 + 100_000 + 2);
  });

  it('stays inside one month', () => {
    const choice = ranged(
      NOTHING,
      blocks,
      { month: '2019-06', index: 4 },
      { month: '2019-06', index: 2 },
    );
    expect(chosenOf(choice, june)).toEqual([3, 4, 5]);
  });

  it('takes nothing away that was chosen', () => {
    const choice = ranged(together(NOTHING, [inJune(1)]), blocks, from, to);
    expect(chosenOf(choice, june)).toEqual([1, 4, 5, 6]);
  });

  it('holds nothing when its month is gone', () => {
    expect(ranged(NOTHING, blocks, { month: '2001-01', index: 0 }, to)).toBe(NOTHING);
  });
});

describe('a rectangle', () => {
  const row = june.rows[0];
  const [first, second] = row?.photos ?? [];
  if (!row || !first || !second) throw new Error('there is a row');
  const y = june.y + HEADING + row.y;

  it.each([
    ['inside a photo', { x: 5, y: y + 5, toX: 6, toY: y + 6 }, [1]],
    ['from right to left', { x: second.x + 5, y: y + 9, toX: 5, toY: y + 5 }, [1, 2]],
    ['in the gap', { x: first.x + first.width + 1, y: y + 5, toX: second.x - 1, toY: y + 6 }, []],
    ['in the heading', { x: 5, y: june.y + 5, toX: 290, toY: june.y + 20 }, []],
    [
      'over everything known',
      { x: 0, y: 0, toX: 300, toY: 1e9 },
      [1, 2, 3, 4, 5, 6, 11, 12, 13, 14],
    ],
  ])('touches what it lies on, %s', (_, rectangle, expected) => {
    expect(touched(blocks, rectangle).map(({ id }) => id)).toEqual(expected);
  });
});
