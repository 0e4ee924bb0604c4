/**
 * Numbers, sizes, times and dates as people write them, for the catalogue of one language.
 *
 * All of it is the platform's own knowledge (`Intl`); the words around it are each catalogue's.
 */

import type { Days } from '../backend/types/Days';
import { type Language, localeOf } from './locale';

/** No line ends between a number and its unit. */
const UNBROKEN = '\u00a0';

const SIZES = ['byte', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

export type Unit = 'second' | 'minute' | 'hour' | 'day';

export function amountsIn(language: Language, locale: string = localeOf(language)) {
  const number = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const rounded = [0, 1].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, useGrouping: false });
  const exact = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 4,
    maximumFractionDigits: 4,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const clockTime = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const shortDay = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const wallMonth = new Intl.DateTimeFormat(locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const wallDay = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const plainDay = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const yearlyMonth = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  const yearlyDay = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  const wallTime = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' });

  function count(value: number): string {
    return number.format(value);
  }

  /** The verb or pronoun that goes with a number. */
  function agreeing(value: number, one: string, other: string): string {
    return plurals.select(value) === 'one' ? one : other;
  }

  /** `1 photo`, `12,345 photos`. */
  function counted(value: number, one: string, other: string): string {
    return `${count(value)} ${agreeing(value, one, other)}`;
  }

  /** With one digit at most after the point, as lenses and shutters have it: `5.6`. */
  function decimal(value: number): string {
    return short.format(value);
  }

  /** A degree of latitude or longitude without its sign: `47.3769`. */
  function degrees(value: number): string {
    return exact.format(Math.abs(value));
  }

  /** `3 minutes`. */
  function duration(value: number, unit: Unit): string {
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
      value,
    );
  }

  /** `3 minutes ago`. */
  function before(value: number, unit: Unit): string {
    return relative.format(-value, unit);
  }

  /** `in 3 minutes`. */
  function hence(value: number, unit: Unit): string {
    return relative.format(value, unit);
  }

  /** Decimal units, as disks and stores are sold: `48 GB`, `3.1 MB`. */
  function bytes(value: number): string {
    let unit = 0;
    let left = value;
    while (left >= 999.5 && unit < SIZES.length - 1) {
      left /= 1000;
      unit += 1;
    }
    if (unit === 0) {
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: 'byte',
        unitDisplay: 'long',
      })
        .format(Math.round(left))
        .replace(' ', UNBROKEN);
    }
    const digits = left < 9.95 ? 1 : 0;
    return `${rounded[digits]?.format(left)}${UNBROKEN}${SIZES[unit]}`;
  }

  function speed(bytesPerSecond: number): string {
    return `${bytes(bytesPerSecond)}/s`;
  }

  /** `4.2 ms`, `120 ms`, `1.2 s`. */
  function milliseconds(value: number): string {
    if (value >= 999.5) return `${short.format(value / 1000)}${UNBROKEN}s`;
    return `${short.format(value < 9.95 ? value : Math.round(value))}${UNBROKEN}ms`;
  }

  /** `€1.50`; `currency` is an ISO 4217 code. */
  function money(amount: number, currency: string): string {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);
  }

  /** `3 Jun 2019` of `2019-06-03`. */
  function dayOf(value: string): string {
    const at = wall(`${value}T00:00:00`);
    return at === null ? value : plainDay.format(at);
  }

  /** `14:02`, in this machine's zone. */
  function clock(at: number): string {
    return clockTime.format(at);
  }

  /** `23 Nov 2026`, in this machine's zone. */
  function day(at: number): string {
    return shortDay.format(at);
  }

  /** `14:02` for today, else the day too. */
  function moment(at: number, now: number): string {
    return day(at) === day(now) ? clock(at) : `${day(at)}, ${clock(at)}`;
  }

  /** `June 2019` of `2019-06`. */
  function month(value: string): string {
    const at = wall(`${value}-01T00:00:00`);
    return at === null ? value : wallMonth.format(at);
  }

  /** A wall time without a zone, and its offset where the file says it: `…, 14:02 (UTC+2)`. */
  function taken(value: string, offset: number | null): string {
    const at = wall(value);
    if (at === null) return value;
    const zone = offset === null ? '' : ` (${utcOffset(offset)})`;
    return `${wallDay.format(at)}, ${wallTime.format(at)}${zone}`;
  }

  /** `2019`, `June 2019`, `3 Jun 2019`, `1 Jun – 31 Aug 2019`; of every year `June`, `24 – 26 Dec`. */
  function span(days: Days): string {
    if (days.kind === 'every_year') {
      const [from, to] = [midnight(`2024-${days.from}`), midnight(`2024-${days.to}`)];
      if (isMonth(from, to)) return yearlyMonth.format(from);
      if (from > to) return `${yearlyDay.format(from)} – ${yearlyDay.format(to)}`;
      return yearlyDay.formatRange(from, to);
    }
    const [from, to] = [midnight(days.from), midnight(days.to)];
    if (days.from.endsWith('-01-01') && days.to.endsWith('-12-31')) {
      const years = [days.from.slice(0, 4), days.to.slice(0, 4)];
      return years[0] === years[1] ? `${years[0]}` : years.join('–');
    }
    if (isMonth(from, to)) return wallMonth.format(from);
    return from === to ? plainDay.format(from) : plainDay.formatRange(from, to);
  }

  return {
    agreeing,
    before,
    bytes,
    clock,
    count,
    counted,
    day,
    dayOf,
    decimal,
    degrees,
    duration,
    hence,
    milliseconds,
    moment,
    money,
    month,
    span,
    speed,
    taken,
  };
}

/** `UTC+2`, `UTC−3:30` from seconds east. */
export function utcOffset(seconds: number): string {
  if (seconds === 0) return 'UTC';
  const minutes = Math.round(Math.abs(seconds) / 60);
  const rest = minutes % 60;
  const sign = seconds < 0 ? '\u2212' : '+';
  return `UTC${sign}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** How far off or past something is, coarse on purpose: to the second it is never true. */
export function coarse(seconds: number): { readonly value: number; readonly unit: Unit } {
  if (seconds < 55) return { value: Math.round(seconds / 5) * 5, unit: 'second' };
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return { value: Math.max(1, minutes), unit: 'minute' };
  const hours = Math.round(seconds / 3600);
  if (hours < 48) return { value: hours, unit: 'hour' };
  return { value: Math.round(seconds / 86_400), unit: 'day' };
}

/** A wait in whole units, never said to be shorter than it is. */
export function wait(seconds: number): { readonly value: number; readonly unit: Unit } {
  if (seconds <= 90) return { value: Math.ceil(seconds), unit: 'second' };
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 90) return { value: minutes, unit: 'minute' };
  return { value: Math.ceil(minutes / 60), unit: 'hour' };
}

/** How long ago, in whole units, both in Unix milliseconds. */
export function past(
  then: number,
  now: number,
): { readonly value: number; readonly unit: Unit } | 'now' | 'long' {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return { value: minutes, unit: 'minute' };
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return { value: hours, unit: 'hour' };
  const days = Math.floor(hours / 24);
  return days < 14 ? { value: days, unit: 'day' } : 'long';
}

function midnight(value: string): number {
  return Date.parse(`${value}T00:00:00Z`);
}

/** From a month's first day to its last. */
function isMonth(from: number, to: number): boolean {
  const first = new Date(from);
  const after = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1);
  return first.getUTCDate() === 1 && to + 86_400_000 === after;
}

function wall(value: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const at = Date.parse(`${value.replace(/(?:Z|[+-]\d\d:?\d\d)$/, '')}Z`);
  return Number.isNaN(at) ? null : at;
}
