import { expect, it } from 'vitest';
import { TooOften } from '../backend';
import { refusal, secondsOf } from './api';

const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

//  Retry-After, seconds
const waits: readonly [string | null, number | null][] = [
  [null, null],
  ['30', 30],
  [' 7 ', 7],
  ['0', null],
  ['-5', null],
  ['soon', null],
  ['Wed, 21 Oct 2026 07:29:30 GMT', 90],
  ['Wed, 21 Oct 2026 07:27:00 GMT', null],
];

it.each(waits)('a pause of %s is understood', (wait, seconds) => {
  expect(secondsOf(wait, now)).toBe(seconds);
});

it('who asked too often is told how long to wait, whatever else is said', () => {
  const refused = refusal(429, '{"message":"Too Many Requests"}', '30');
  expect(refused).toBeInstanceOf(TooOften);
  expect(refused).toMatchObject({ code: 'busy', seconds: 30 });
  expect(refusal(503, '', '10')).not.toBeInstanceOf(TooOften);
});

it('a gallery that may not write is not taken for a busy one', () => {
  expect(refusal(503, '{"code":"read_only"}').code).toBe('no_access');
  expect(refusal(500, '{"code":"misconfigured"}').code).toBe('no_access');
  expect(refusal(503, '{"code":"store_away"}').code).toBe('busy');
});
