import { expect, it } from 'vitest';
import { pauseBefore, youngFor } from './patience';

//  name, how often, took, pause
const cases: readonly [string, number, number, number][] = [
  ['at first soon', 1, 50, 4_000],
  ['then more and more seldom', 3, 50, 16_000],
  ['at last every ten minutes', 30, 50, 600_000],
  ['a long list is not read all the time', 1, 8_000, 160_000],
];

it.each(cases)('%s', (_, nth, took, pause) => {
  expect(pauseBefore(nth, took)).toBe(pause);
});

//  name, took, young for
const ages: readonly [string, number, number][] = [
  ['a short list is old after a minute', 50, 60_000],
  ['a long one later', 30_000, 600_000],
  ['before its addresses are no longer good', 600_000, 45 * 60_000],
];

it.each(ages)('%s', (_, took, young) => {
  expect(youngFor(took)).toBe(young);
});
