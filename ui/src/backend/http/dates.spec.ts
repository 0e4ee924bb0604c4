import { expect, it } from 'vitest';
import { isWithin, meaningOf } from './dates';

//  text, days, words
const cases: readonly [string, string[], string][] = [
  ['2019', ['2019-01-01–2019-12-31'], ''],
  ['lake 2019', ['2019-01-01–2019-12-31'], 'lake'],
  ['2019-02', ['2019-02-01–2019-02-28'], ''],
  ['2019-02-03', ['2019-02-03–2019-02-03'], ''],
  ['2019-02-30', [], '2019-02-30'],
  ['2019-13', [], '2019-13'],
  ['June 2019 lake', ['2019-06-01–2019-06-30'], 'lake'],
  ['juni 2019', ['2019-06-01–2019-06-30'], ''],
  ['März', ['03-01–03-31'], ''],
  ['feb', ['02-01–02-29'], ''],
  ['"June 2019"', [], 'June 2019'],
  ['1234', [], '1234'],
  ['X100V', [], 'X100V'],
  ['', [], ''],
];

it.each(cases)('%s', (text, days, words) => {
  const meaning = meaningOf(text);
  expect(meaning.days.map(({ from, to }) => `${from}–${to}`)).toEqual(days);
  expect(meaning.words).toBe(words);
});

it('a day is within days of one year, or of every year', () => {
  const june = { kind: 'between', from: '2019-06-01', to: '2019-06-30' } as const;
  expect(isWithin('2019-06-30', june)).toBe(true);
  expect(isWithin('2020-06-30', june)).toBe(false);
  const christmas = { kind: 'every_year', from: '12-24', to: '12-26' } as const;
  expect(isWithin('2020-12-25', christmas)).toBe(true);
  expect(isWithin('2020-12-27', christmas)).toBe(false);
});
