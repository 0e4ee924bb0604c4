/**
 * Which photos are chosen: whole months without a few, and single ones.
 *
 * A month that is chosen whole needs none of its photos in memory, so 100,000 are one word.
 * **Invariant:** no photo in `ids` is of a month in `months`, and each in `except` is.
 */

import type { Query } from '../backend/types/Query';
import type { Selection } from '../backend/types/Selection';
import { type Block, HEADING } from '../photos/blocks';
import type { Place } from '../photos/places';

type Month = string | null;

export interface Choice {
  readonly months: ReadonlySet<Month>;
  /** Photos of those months that are not chosen, each with its month. */
  readonly except: ReadonlyMap<number, Month>;
  /** Photos chosen by themselves, each with its month. */
  readonly ids: ReadonlyMap<number, Month>;
}

/** A photo, and where it stands. */
export interface Picked {
  readonly id: number;
  readonly month: Month;
}

export const NOTHING: Choice = { months: new Set(), except: new Map(), ids: new Map() };

export function has(choice: Choice, { id, month }: Picked): boolean {
  return choice.months.has(month) ? !choice.except.has(id) : choice.ids.has(id);
}

export function count(choice: Choice, blocks: readonly Block[]): number {
  const whole = blocks
    .filter(({ month }) => choice.months.has(month))
    .reduce((sum, block) => sum + block.count, 0);
  return Math.max(0, whole - choice.except.size) + choice.ids.size;
}

/** How much of a month is chosen. */
export function ofMonth(choice: Choice, { month, count: all }: Block): 'none' | 'some' | 'all' {
  const few = (photos: ReadonlyMap<number, Month>) =>
    [...photos.values()].filter((other) => other === month).length;
  if (choice.months.has(month)) {
    const left = few(choice.except);
    return left === 0 ? 'all' : left >= all ? 'none' : 'some';
  }
  const chosen = few(choice.ids);
  return chosen === 0 ? 'none' : chosen >= all ? 'all' : 'some';
}

export function toggled(choice: Choice, photo: Picked): Choice {
  return has(choice, photo) ? without(choice, [photo]) : together(choice, [photo]);
}

/** These too. */
export function together(choice: Choice, photos: readonly Picked[]): Choice {
  const except = new Map(choice.except);
  const ids = new Map(choice.ids);
  for (const { id, month } of photos) {
    if (choice.months.has(month)) except.delete(id);
    else ids.set(id, month);
  }
  return { months: choice.months, except, ids };
}

function without(choice: Choice, photos: readonly Picked[]): Choice {
  const except = new Map(choice.except);
  const ids = new Map(choice.ids);
  for (const { id, month } of photos) {
    if (choice.months.has(month)) except.set(id, month);
    else ids.delete(id);
  }
  return { months: choice.months, except, ids };
}

export function withMonths(choice: Choice, months: readonly Month[]): Choice {
  const cleared = months.reduce(withoutMonth, choice);
  return { ...cleared, months: new Set([...cleared.months, ...months]) };
}

export function withoutMonth(choice: Choice, month: Month): Choice {
  const others = ([, of]: readonly [number, Month]) => of !== month;
  return {
    months: new Set([...choice.months].filter((other) => other !== month)),
    except: new Map([...choice.except].filter(others)),
    ids: new Map([...choice.ids].filter(others)),
  };
}

/**
 * Everything from one photo to another, both included. Of the months at the ends the photos up to
 * these two have to be known; whatever lies between need not be.
 */
export function ranged(choice: Choice, blocks: readonly Block[], a: Place, b: Place): Choice {
  const at = (place: Place) => blocks.findIndex(({ month }) => month === place.month);
  const inOrder = at(a) < at(b) || (at(a) === at(b) && a.index <= b.index);
  const [first, last] = inOrder ? [a, b] : [b, a];
  const [from, to] = [at(first), at(last)];
  const start = blocks[from];
  const end = blocks[to];
  if (!start || !end) return choice;
  if (from === to) return together(choice, picked(start, first.index, last.index + 1));
  const between = blocks.slice(from + 1, to).map(({ month }) => month);
  const head = choice.months.has(start.month) ? choice : withMonths(choice, [start.month]);
  // What was not chosen before the first stays so.
  const before = picked(start, 0, first.index).filter((photo) => !has(choice, photo));
  const known = [
    ...picked(start, first.index, start.tiles.length),
    ...picked(end, 0, last.index + 1),
  ];
  return together(without(withMonths(head, between), before), known);
}

function picked(block: Block, from: number, to: number): Picked[] {
  return block.tiles.slice(from, to).map(({ id }) => ({ id, month: block.month }));
}

export function selection(query: Query, choice: Choice): Selection {
  return {
    query,
    months: [...choice.months],
    except: [...choice.except.keys()],
    ids: [...choice.ids.keys()],
  };
}

/** In the timeline's own coordinates; two opposite corners in any order. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
}

/** The known photos that a rectangle touches. */
export function touched(blocks: readonly Block[], rectangle: Rectangle): Picked[] {
  const [left, right] = ordered(rectangle.x, rectangle.toX);
  const [top, bottom] = ordered(rectangle.y, rectangle.toY);
  return blocks
    .filter(({ y, height }) => y < bottom && y + height > top)
    .flatMap((block) => {
      const rows = block.rows.filter((row) => {
        const y = block.y + HEADING + row.y;
        return y < bottom && y + row.height > top;
      });
      return rows.flatMap((row) =>
        row.photos.flatMap(({ x, width }, nth) => {
          const tile = block.tiles[row.first + nth];
          return tile && x < right && x + width > left ? [{ id: tile.id, month: block.month }] : [];
        }),
      );
    });
}

function ordered(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
