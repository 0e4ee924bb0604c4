import { describe, expect, it } from 'vitest';
import { aspect, estimatedHeight, type Frame, heightOf, justify, rowAt } from './justify';

const frame: Frame = { width: 1000, rowHeight: 200, gap: 3 };
const mixed = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => [1.5, 0.75, 1.33, 1, 3][at % 5] ?? 1);

describe('justified rows', () => {
  it('fill the width to the pixel, but for the last', () => {
    const rows = justify(mixed(200), frame);
    for (const row of rows.slice(0, -1)) {
      const last = row.photos.at(-1);
      expect(last && last.x + last.width).toBe(frame.width);
    }
  });

  it('hold every photo once, in order', () => {
    const rows = justify(mixed(137), frame);
    const indexes = rows.flatMap((row) => row.photos.map((_, nth) => row.first + nth));
    expect(indexes).toEqual(Array.from({ length: 137 }, (_, at) => at));
  });

  it('leave exactly the gap between photos and rows', () => {
    const rows = justify(mixed(60), frame);
    for (const [at, row] of rows.entries()) {
      const below = rows[at + 1];
      if (below) expect(below.y - (row.y + row.height)).toBe(frame.gap);
      for (const [nth, photo] of row.photos.entries()) {
        const next = row.photos[nth + 1];
        if (next) expect(next.x - (photo.x + photo.width)).toBe(frame.gap);
      }
    }
  });

  it('move no finished row when photos are appended', () => {
    const few = justify(mixed(50), frame);
    const many = justify(mixed(90), frame);
    expect(many.slice(0, few.length - 1)).toEqual(few.slice(0, -1));
  });

  it('go on after rows that stand already as if laid at once', () => {
    const before = justify(mixed(50), frame).slice(0, -1);
    expect(justify(mixed(90), frame, before)).toEqual(justify(mixed(90), frame));
  });

  it('do not blow up a lonely photo', () => {
    const [row] = justify([1.5], frame);
    expect(row?.height).toBe(frame.rowHeight);
    expect(row?.photos[0]?.width).toBe(300);
  });

  it('take nothing for nothing', () => {
    expect(justify([], frame)).toEqual([]);
    expect(heightOf([])).toBe(0);
    expect(estimatedHeight(0, frame)).toBe(0);
  });
});

describe('a photo’s shape', () => {
  it.each([
    ['as it is', 3000, 2000, 1.5],
    ['unknown', 0, 0, 4 / 3],
    ['a panorama, cropped', 20_000, 1000, 3.2],
    ['a strip, cropped', 100, 4000, 0.5],
  ])('%s', (_, width, height, expected) => {
    expect(aspect(width, height)).toBeCloseTo(expected);
  });
});

it('the estimate is near the truth for usual photos', () => {
  const aspects = Array.from({ length: 1000 }, (_, at) => (at % 4 === 0 ? 0.75 : 1.5));
  const real = heightOf(justify(aspects, frame));
  expect(estimatedHeight(1000, frame) / real).toBeGreaterThan(0.8);
  expect(estimatedHeight(1000, frame) / real).toBeLessThan(1.25);
});

it('a row is found by its height', () => {
  const rows = justify(mixed(100), frame);
  expect(rowAt(rows, -5)).toBe(0);
  expect(rowAt(rows, rows[7]?.y ?? 0)).toBe(7);
  expect(rowAt(rows, (rows[7]?.y ?? 0) - 1)).toBe(6);
  expect(rowAt(rows, 1e9)).toBe(rows.length - 1);
});
