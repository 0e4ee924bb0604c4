import { expect, it } from 'vitest';
import { Patience } from './patience';

function patience(): { patience: Patience; pass: (ms: number) => void } {
  let now = 0;
  return {
    patience: new Patience(() => now),
    pass: (ms) => {
      now += ms;
    },
  };
}

it('a month that does not change is left alone for longer each time, up to a limit', () => {
  const { patience: months } = patience();
  const rests = Array.from({ length: 7 }, () => {
    months.asked('2019-06', 'same', 1);
    return months.left('2019-06');
  });
  expect(rests).toEqual([400, 800, 1600, 3200, 6400, 6400, 6400]);
});

it('a change makes it quick again', () => {
  const { patience: months, pass } = patience();
  for (let at = 0; at < 5; at += 1) months.asked('2019-06', 'same', 1);
  months.asked('2019-06', 'changed', 1);
  expect(months.left('2019-06')).toBe(400);
  pass(400);
  expect(months.left('2019-06')).toBe(0);
});

it('a large month is asked for less often', () => {
  const { patience: months } = patience();
  months.asked('2019-06', 'changed', 5);
  expect(months.left('2019-06')).toBe(2000);
});

it('each month has its own patience, and what was never asked may be asked now', () => {
  const { patience: months } = patience();
  months.asked('2019-06', 'same', 1);
  expect(months.left('2019-07')).toBe(0);
  expect(months.left('2019-06')).toBe(400);
});
