import { expect, it } from 'vitest';
import { type Choice, NOTHING, type Rectangle } from './choice';
import { Sweep } from './sweep.svelte';

function ground(top = 0) {
  const drawn: { before: Choice; rectangle: Rectangle }[] = [];
  const view = {
    top,
    height: 500,
    jump: (to: number) => {
      view.top = to;
    },
    choose: (before: Choice, rectangle: Rectangle) => {
      drawn.push({ before, rectangle });
    },
  };
  return { view, drawn, sweep: new Sweep(view) };
}

it('a hand that trembles draws nothing, and its click is one', () => {
  const { sweep, drawn } = ground();
  sweep.begin({ x: 100, y: 100 });
  expect(sweep.move({ x: 103, y: 104 })).toBe(false);
  sweep.end();
  expect(drawn).toEqual([]);
  expect(sweep.ended).toBe(false);
});

it('what is drawn lies where the mouse went in what is scrolled', () => {
  const { sweep, drawn } = ground(1000);
  sweep.begin({ x: 100, y: 100 });
  expect(sweep.move({ x: 60, y: 180 })).toBe(true);
  expect(sweep.move({ x: 50, y: 190 })).toBe(false);
  expect(drawn.at(-1)?.rectangle).toEqual({ x: 100, y: 1100, toX: 50, toY: 1190 });
  expect(drawn.at(-1)?.before).toBe(NOTHING);
  sweep.end();
  expect(sweep.rectangle).toBeNull();
  expect(sweep.ended).toBe(true);
});

it('with a key held, what was chosen before stays', () => {
  const { sweep, drawn } = ground();
  const before: Choice = { ...NOTHING, ids: new Map([[7, '2019-06']]) };
  sweep.begin({ x: 0, y: 100 }, before);
  sweep.move({ x: 50, y: 100 });
  expect(drawn.at(-1)?.before).toBe(before);
});

it('near an edge the view goes on, and the rectangle grows', () => {
  const { sweep, view, drawn } = ground();
  sweep.begin({ x: 0, y: 100 });
  sweep.move({ x: 10, y: 490 });
  expect(sweep.follow()).toBe(true);
  expect(view.top).toBe(14);
  expect(drawn.at(-1)?.rectangle.toY).toBe(504);
  sweep.move({ x: 10, y: 250 });
  expect(sweep.follow()).toBe(true);
  expect(view.top).toBe(14);
  sweep.end();
  expect(sweep.follow()).toBe(false);
});

it('without a button down nothing is drawn', () => {
  const { sweep, drawn } = ground();
  expect(sweep.move({ x: 300, y: 300 })).toBe(false);
  expect(drawn).toEqual([]);
});
