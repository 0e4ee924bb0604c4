import { expect, it } from 'vitest';
import { amount, typed, type Unit, unitFor } from './amount';

it.each([
  ['', 'MB', null],
  ['  ', 'MB', null],
  ['2', 'MB', 2_000_000],
  ['1.5', 'MB', 1_500_000],
  ['1,5', 'GB', 1_500_000_000],
  ['250', 'kB', 250_000],
  ['0', 'MB', undefined],
  ['0.0001', 'kB', undefined],
  ['-1', 'MB', undefined],
  ['fast', 'MB', undefined],
  ['1e3', 'MB', undefined],
  ['1 000', 'MB', undefined],
  ['99999999999', 'GB', undefined],
] as const)('%j in %s is %j bytes', (text, unit, bytes) => {
  expect(amount(text, unit)).toBe(bytes);
});

it.each([
  [250_000, ['kB', 'MB'], 'kB', 'en', '250'],
  [1_500_000, ['kB', 'MB'], 'MB', 'en', '1.5'],
  [1_500_000, ['kB', 'MB'], 'MB', 'de', '1,5'],
  [12_000_000_000, ['MB', 'GB'], 'GB', 'en', '12'],
  [12, ['kB', 'MB'], 'kB', 'en', '0.012'],
  [null, ['kB', 'MB'], 'MB', 'en', ''],
] as const)('%j is shown in the unit that fits', (bytes, units, unit, locale, text) => {
  const fits = unitFor<Unit>(bytes, units);
  expect(fits).toBe(unit);
  expect(typed(bytes, fits, locale)).toBe(text);
});
