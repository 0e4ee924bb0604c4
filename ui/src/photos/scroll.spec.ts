import { describe, expect, it } from 'vitest';
import { at, elementHeight, furthest, MOST, type Position, type Space, scrolled } from './scroll';

const short: Space = { content: 50_000, view: 1000 };
const long: Space = { content: 40_000_000, view: 1000 };

describe('a scroll space that fits', () => {
  it('is the element itself', () => {
    expect(elementHeight(short)).toBe(50_000);
    expect(at(1234, short)).toEqual({ top: 1234, element: 1234 });
    expect(scrolled(at(1234, short), 1300, short).top).toBe(1300);
  });
});

describe('a scroll space beyond the cap', () => {
  it('stays below what webviews can hold', () => {
    expect(elementHeight(long)).toBe(MOST);
  });

  it('reaches both ends', () => {
    expect(at(furthest(long), long)).toEqual({ top: furthest(long), element: MOST - 1000 });
    expect(scrolled(at(30_000_000, long), 0, long).top).toBe(0);
    expect(scrolled(at(0, long), MOST - 1000, long).top).toBe(furthest(long));
  });

  it('goes pixel by pixel for a turn of the wheel', () => {
    const before = at(20_000_000, long);
    expect(scrolled(before, before.element + 120, long).top).toBe(20_000_120);
  });

  it('goes by proportion when the bar is dragged', () => {
    const middle = (MOST - 1000) / 2;
    expect(scrolled(at(0, long), middle, long).top).toBeCloseTo(furthest(long) / 2, -1);
  });

  it('comes to the last photo by the wheel alone', () => {
    let position: Position = at(furthest(long) - 5000, long);
    for (let turn = 0; turn < 60; turn += 1) {
      position = scrolled(position, Math.min(MOST - 1000, position.element + 120), long);
      position = at(position.top, long);
    }
    expect(position.top).toBe(furthest(long));
  });

  it('never leaves the content', () => {
    expect(at(-5, long).top).toBe(0);
    expect(at(1e12, long).top).toBe(furthest(long));
  });
});
