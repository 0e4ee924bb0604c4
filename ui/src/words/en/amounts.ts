/** Amounts in English. */

import { amountsIn, coarse, past, wait } from '../amounts';

const english = amountsIn('en');
const { before, counted, day, degrees, duration, hence } = english;

export const {
  agreeing,
  bytes,
  clock,
  count,
  dayOf,
  decimal,
  milliseconds,
  moment,
  money,
  month,
  span,
  speed,
  taken,
} = english;
export { counted, day, duration };

export const photos = (value: number): string => counted(value, 'photo', 'photos');
export const files = (value: number): string => counted(value, 'file', 'files');

export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  const { value, unit } = coarse(seconds);
  return `${duration(value, unit)} left`;
}

/** How long is to be waited. */
export function within(seconds: number): string {
  const { value, unit } = wait(seconds);
  return hence(value, unit);
}

/** How long ago, both in Unix milliseconds. */
export function ago(then: number, now: number): string {
  const gone = past(then, now);
  if (gone === 'now') return 'just now';
  if (gone === 'long') return `on ${day(then)}`;
  return before(gone.value, gone.unit);
}

/** `47.3769° N, 8.5417° E`. */
export function coordinates(latitude: number, longitude: number): string {
  const north = `${degrees(latitude)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north}, ${degrees(longitude)}° ${longitude < 0 ? 'W' : 'E'}`;
}
