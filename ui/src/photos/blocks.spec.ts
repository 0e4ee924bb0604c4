import { describe, expect, it } from 'vitest';
import type { Tile } from '../backend/types/Tile';
import {
  anchor,
  anchored,
  arrange,
  type Block,
  blockAt,
  emptied,
  filled,
  HEADING,
  laidOut,
  merged,
  reframed,
  replaced,
  rowOf,
  totalHeight,
} from './blocks';
import type { Frame } from './justify';

const frame: Frame = { width: 900, rowHeight: 160, gap: 3 };

function tiles(from: number, count: number): Tile[] {
  return Array.from({ length: count }, (_, at) => ({
    id: from + at,
    name: `${from + at}.jpg`,
    width: at % 3 === 0 ? 3000 : 4000,
    height: at % 3 === 0 ? 4000 : 3000,
    thumbhash: null,
    thumb: null,
    thumb_state: 'coming' as const,
    state: 'backed_up' as const,
    favourite: false,
    taken_at: null,
    cursor: String(from + at),
  }));
}

function three(): Block[] {
  return arrange(
    [
      { month: '2026-03', count: 80 },
      { month: '2026-02', count: 300 },
      { month: null, count: 5 },
    ],
    [],
    frame,
  );
}

function at(blocks: readonly Block[], index: number): Block {
  const block = blocks[index];
  if (!block) throw new Error(`no block ${index}`);
  return block;
}

function expectGapless(blocks: readonly Block[]): void {
  let y = 0;
  for (const block of blocks) {
    expect(block.y).toBe(y);
    y += block.height;
  }
  expect(totalHeight(blocks)).toBe(y);
}

describe('blocks', () => {
  it('stand without gaps, known or not', () => {
    const blocks = three();
    expectGapless(blocks);
    expectGapless(replaced(blocks, filled(at(blocks, 0), tiles(1, 80), true, frame)));
  });

  it('leave out months without photos', () => {
    expect(arrange([{ month: '2026-01', count: 0 }], [], frame)).toEqual([]);
  });

  it('keep the photos of a month whose count is unchanged', () => {
    const blocks = replaced(three(), filled(at(three(), 0), tiles(1, 80), true, frame));
    const again = arrange(
      [
        { month: '2026-04', count: 7 },
        { month: '2026-03', count: 80 },
      ],
      blocks,
      frame,
    );
    expect(at(again, 1).tiles).toHaveLength(80);
    expectGapless(again);
  });

  it('lay no row that may still grow', () => {
    const part = filled(at(three(), 1), tiles(1, 100), false, frame);
    const last = part.rows.at(-1);
    expect(last && last.first + last.photos.length).toBeLessThan(100);
    const whole = filled(part, tiles(1, 300), true, frame);
    expect(whole.rows.slice(0, part.rows.length)).toEqual(part.rows);
    expect(laidOut(whole)).toBe(whole.height);
  });

  it('keep their height when their photos are let go', () => {
    const block = filled(at(three(), 0), tiles(1, 80), true, frame);
    expect(emptied(block).height).toBe(block.height);
    expect(laidOut(emptied(block))).toBe(0);
  });

  it('are found by position', () => {
    const blocks = three();
    expect(blockAt(blocks, -1)).toBe(0);
    expect(blockAt(blocks, at(blocks, 1).y)).toBe(1);
    expect(blockAt(blocks, at(blocks, 1).y - 1)).toBe(0);
    expect(blockAt(blocks, 1e9)).toBe(2);
  });

  it('tell the row of a photo', () => {
    const block = filled(at(three(), 0), tiles(1, 80), true, frame);
    for (const index of [0, 17, 79]) {
      const row = rowOf(block, index);
      expect(row && index >= row.first && index < row.first + row.photos.length).toBe(true);
    }
    expect(rowOf(block, 80)).toBeNull();
  });
});

describe('what is seen stays where it is', () => {
  it('when a month above turns out higher than estimated', () => {
    const blocks = three();
    const top = at(blocks, 2).y + 30;
    const held = anchor(blocks, top);
    const after = replaced(blocks, filled(at(blocks, 0), tiles(1, 80), true, frame));
    expect(held && anchored(after, held)).toBe(at(after, 2).y + 30);
  });

  it('when photos come in above within the month', () => {
    const before = replaced(three(), filled(at(three(), 0), tiles(10, 80), true, frame));
    const row = at(before, 0).rows[6];
    const top = HEADING + (row?.y ?? 0) + 20;
    const held = anchor(before, top);
    const block = filled(at(before, 0), [...tiles(1, 9), ...tiles(10, 80)], true, frame);
    const after = replaced(before, block);
    const index = block.tiles.findIndex(({ id }) => id === held?.tile);
    expect(held && anchored(after, held)).toBe(HEADING + (rowOf(block, index)?.y ?? -1) + 20);
  });

  it('when the window is resized', () => {
    const before = replaced(three(), filled(at(three(), 0), tiles(1, 80), true, frame));
    const held = anchor(before, HEADING + (at(before, 0).rows[5]?.y ?? 0));
    const after = reframed(before, { ...frame, width: 600 });
    const index = at(after, 0).tiles.findIndex(({ id }) => id === held?.tile);
    const row = rowOf(at(after, 0), index);
    expect(held && anchored(after, held)).toBe(HEADING + (row?.y ?? -1));
  });

  it('and says so when its month is gone', () => {
    const blocks = three();
    const held = anchor(blocks, at(blocks, 1).y + 10);
    expect(held && anchored([at(blocks, 0)], held)).toBeNull();
  });
});

describe('an answer about photos that are known', () => {
  const known = tiles(0, 3);
  const again = known.map((tile) => ({ ...tile }));

  it('is what is known when nothing differs', () => {
    expect(merged(known, again)).toBe(known);
  });

  it('replaces only the photo that differs', () => {
    const next = merged(
      known,
      again.map((tile) => (tile.id === 1 ? { ...tile, thumb: 'new' } : tile)),
    );
    expect(next.map((tile, index) => tile === known[index])).toEqual([true, false, true]);
    expect(next[1]?.thumb).toBe('new');
  });

  it('differs when a photo is gone, came, or changed places', () => {
    expect(merged(known, again.slice(0, 2))).toHaveLength(2);
    expect(merged(known, tiles(0, 4))).toHaveLength(4);
    expect(merged(known, again.toReversed()).map(({ id }) => id)).toEqual([2, 1, 0]);
  });
});
