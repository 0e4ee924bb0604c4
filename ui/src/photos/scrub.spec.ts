import { expect, it } from 'vitest';
import type { Section } from '../backend/types/Section';
import { arrange, totalHeight } from './blocks';
import { fractionOf, marks, monthAt, topOf } from './scrub';

const frame = { width: 900, rowHeight: 160, gap: 3 };
const sections: Section[] = Array.from({ length: 240 }, (_, at) => ({
  month: `${2026 - Math.floor(at / 12)}-${String(12 - (at % 12)).padStart(2, '0')}`,
  count: 100 + (at % 7) * 40,
}));
const blocks = arrange([...sections, { month: null, count: 90 }], [], frame);
const space = { content: totalHeight(blocks), view: 800 };

it('labels of years never touch', () => {
  const years = marks(blocks, 500).filter(({ kind }) => kind === 'year');
  for (const [index, year] of years.entries()) {
    const next = years[index + 1];
    if (next) expect((next.at - year.at) * 500).toBeGreaterThanOrEqual(22);
  }
  expect(years[0]?.label).toBe('2026');
});

it('a place on the track and the view belong to each other', () => {
  for (const part of [0, 0.1, 0.5, 0.93]) {
    expect(fractionOf(blocks, topOf(blocks, part, space), space)).toBeCloseTo(part, 3);
  }
});

it('the ends are the newest and the undated', () => {
  expect(monthAt(blocks, 0)).toBe('2026-12');
  expect(monthAt(blocks, 1)).toBeNull();
  expect(fractionOf(blocks, space.content - space.view, space)).toBe(1);
});

it('an empty library has no marks and no months', () => {
  expect(marks([], 500)).toEqual([]);
  expect(monthAt([], 0.5)).toBeUndefined();
  expect(topOf([], 0.5, { content: 0, view: 800 })).toBe(0);
});
