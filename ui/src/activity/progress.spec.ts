import { expect, it } from 'vitest';
import type { Transfer } from '../backend/types/Transfer';
import { onward, secondsLeft } from './progress';

function transfer(photo: number, sent: number): Transfer {
  return {
    photo,
    name: 'a.jpg',
    thumb: null,
    destination: 1,
    destination_name: 'nas',
    sent,
    size: 100,
    bytes_per_second: 10,
  };
}

it('progress never goes back', () => {
  let shown: ReadonlyMap<string, number> = new Map();
  const seen = [30, 60, 20, 70, 170].map((sent) => {
    shown = onward([transfer(1, sent)], shown);
    return shown.get('1-1');
  });
  expect(seen).toEqual([30, 60, 60, 70, 100]);
});

it('what is not under way any more is forgotten', () => {
  const shown = onward([transfer(1, 30)], new Map());
  expect(onward([transfer(2, 5)], shown)).toEqual(new Map([['2-1', 5]]));
});

it('time left is only said when there is something to reckon with', () => {
  expect(secondsLeft(100, 50, 10)).toBe(5);
  expect(secondsLeft(100, 50, 0)).toBeNull();
  expect(secondsLeft(100, 100, 10)).toBeNull();
});
