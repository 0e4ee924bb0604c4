/** Numbers, sizes, times and places as people write them, in one locale. */

const locale = 'en-GB';
const number = new Intl.NumberFormat(locale);
const plurals = new Intl.PluralRules(locale);
const rounded = [0, 1].map(
  (digits) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const SIZES = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

export function count(value: number): string {
  return number.format(value);
}

/** `1 photo`, `12,345 photos`. */
export function counted(value: number, one: string, other: string): string {
  return `${count(value)} ${plurals.select(value) === 'one' ? one : other}`;
}

/** The verb or pronoun that goes with a number. */
export function agreeing(value: number, one: string, other: string): string {
  return plurals.select(value) === 'one' ? one : other;
}

export const photos = (value: number): string => counted(value, 'photo', 'photos');
export const files = (value: number): string => counted(value, 'file', 'files');

/** Decimal units, as disks and stores are sold: `48 GB`, `3.1 MB`. */
export function bytes(value: number): string {
  let unit = 0;
  let left = value;
  while (left >= 999.5 && unit < SIZES.length - 1) {
    left /= 1000;
    unit += 1;
  }
  if (unit === 0) return counted(Math.round(left), 'byte', 'bytes');
  const digits = left < 9.95 ? 1 : 0;
  return `${rounded[digits]?.format(left)} ${SIZES[unit]}`;
}

export function speed(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

/** Coarse on purpose: an estimate to the second is never true. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `${Math.round(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${counted(Math.max(1, minutes), 'minute', 'minutes')} left`;
  const hours = Math.round(seconds / 3600);
  if (hours < 48) return `${counted(hours, 'hour', 'hours')} left`;
  return `${counted(Math.round(seconds / 86_400), 'day', 'days')} left`;
}

/** How long ago, both in Unix milliseconds. */
export function ago(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${counted(minutes, 'minute', 'minutes')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${counted(hours, 'hour', 'hours')} ago`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${counted(days, 'day', 'days')} ago`;
  return `on ${day(then)}`;
}

const clockTime = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const shortDay = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `14:02`, in this machine's zone. */
export function clock(at: number): string {
  return clockTime.format(at);
}

/** `23 Nov 2026`, in this machine's zone. */
export function day(at: number): string {
  return shortDay.format(at);
}

/** `14:02` for today, else the day too. */
export function moment(at: number, now: number): string {
  return day(at) === day(now) ? clock(at) : `${day(at)}, ${clock(at)}`;
}

const wallMonth = new Intl.DateTimeFormat(locale, {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const shortMonth = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
const wallDay = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const wallTime = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
});

/** `June 2019` of `2019-06`. */
export function month(value: string): string {
  const at = wall(`${value}-01T00:00:00`);
  return at === null ? value : wallMonth.format(at);
}

/** `Jun` of `2019-06`. */
export function monthName(value: string): string {
  const at = wall(`${value}-01T00:00:00`);
  return at === null ? value : shortMonth.format(at);
}

/** A wall time without a zone, and its offset where the file says it: `…, 14:02 (UTC+2)`. */
export function taken(value: string, offset: number | null): string {
  const at = wall(value);
  if (at === null) return value;
  const zone = offset === null ? '' : ` (${utcOffset(offset)})`;
  return `${wallDay.format(at)}, ${wallTime.format(at)}${zone}`;
}

/** `UTC+2`, `UTC−3:30` from seconds east. */
export function utcOffset(seconds: number): string {
  if (seconds === 0) return 'UTC';
  const minutes = Math.round(Math.abs(seconds) / 60);
  const rest = minutes % 60;
  const sign = seconds < 0 ? '\u2212' : '+';
  return `UTC${sign}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** `47.3769° N, 8.5417° E`. */
export function coordinates(latitude: number, longitude: number): string {
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? 'W' : 'E'}`;
}

function wall(value: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const at = Date.parse(`${value.replace(/(?:Z|[+-]\d\d:?\d\d)$/, '')}Z`);
  return Number.isNaN(at) ? null : at;
}
