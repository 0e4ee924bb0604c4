/** Amounts in German. */

import { amountsIn, coarse, past, wait } from '../amounts';

const german = amountsIn('de');
const { before, counted, day, degrees, duration, hence } = german;

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
} = german;
export { counted, day, duration };

export const photos = (value: number): string => counted(value, 'Foto', 'Fotos');
export const files = (value: number): string => counted(value, 'Datei', 'Dateien');

export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'noch ein paar Sekunden';
  const { value, unit } = coarse(seconds);
  return `noch ${duration(value, unit)}`;
}

/** How long is to be waited. */
export function within(seconds: number): string {
  const { value, unit } = wait(seconds);
  return hence(value, unit);
}

/** How long ago, both in Unix milliseconds. */
export function ago(then: number, now: number): string {
  const gone = past(then, now);
  if (gone === 'now') return 'gerade eben';
  if (gone === 'long') return `am ${day(then)}`;
  return before(gone.value, gone.unit);
}

/** `47,3769° N, 8,5417° O`. */
export function coordinates(latitude: number, longitude: number): string {
  const north = `${degrees(latitude)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north}, ${degrees(longitude)}° ${longitude < 0 ? 'W' : 'O'}`;
}
