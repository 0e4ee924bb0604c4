import { expect, it } from 'vitest';
import { anHourFrom, tomorrow } from './pause';

it('an hour is an hour', () => {
  expect(anHourFrom(1_000)).toBe(3_601_000);
});

it.each([
  ['2026-11-24T01:00:00', '2026-11-24T06:00:00'],
  ['2026-11-24T05:30:00', '2026-11-25T06:00:00'],
  ['2026-11-24T23:30:00', '2026-11-25T06:00:00'],
  ['2026-12-31T12:00:00', '2027-01-01T06:00:00'],
])('tomorrow of %s is the next morning', (now, until) => {
  expect(tomorrow(Date.parse(now))).toBe(Date.parse(until));
});
