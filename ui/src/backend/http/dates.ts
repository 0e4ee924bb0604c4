/** Days in what a person typed: `2019`, `2019-06`, `2019-06-14`, `June 2019`, `June`; the rest stays words. */

import type { Days } from '../types/Days';
import type { Meaning } from '../types/Meaning';

/** The first photograph is of 1826. */
const FIRST_YEAR = 1826;
const LAST_YEAR = 2099;

/** Names of months, long and short, in the languages that the interface speaks. */
const MONTHS: ReadonlyMap<string, number> = new Map(
  ['en', 'de'].flatMap((language) =>
    (['long', 'short'] as const).flatMap((month) => {
      const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, index): [string, number] => [
        bare(format.format(Date.UTC(2024, index, 1))),
        index + 1,
      ]);
    }),
  ),
);

export function meaningOf(text: string): Meaning {
  const days: Days[] = [];
  const words: string[] = [];
  // What stands in quotes is words.
  const parts = text.match(/"[^"]*"|“[^”]*”|\S+/g) ?? [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const month = MONTHS.get(bare(part));
    const year = yearOf(parts[at + 1] ?? '');
    if (month !== undefined && year !== null) {
      days.push(whole(year, month));
      at += 1;
      continue;
    }
    const found = month === undefined ? written(part) : everyYear(month);
    if (found) days.push(found);
    else words.push(part.replaceAll(/["“”]/g, ''));
  }
  return { days, words: words.join(' ') };
}

/** `date` is a day, as `2019-06-14`. */
export function isWithin(date: string, days: Days): boolean {
  const day = days.kind === 'between' ? date : date.slice(5);
  return days.from <= day && day <= days.to;
}

function written(part: string): Days | null {
  const year = yearOf(part);
  if (year !== null) return between(`${year}-01-01`, `${year}-12-31`);
  const [, of, month, day] = part.match(/^(\d{4})-(\d{2})(?:-(\d{2}))?$/) ?? [];
  if (of === undefined || month === undefined || yearOf(of) === null) return null;
  if (Number(month) < 1 || Number(month) > 12) return null;
  if (day === undefined) return whole(Number(of), Number(month));
  return Number(day) >= 1 && Number(day) <= lastDay(Number(of), Number(month))
    ? between(part, part)
    : null;
}

function yearOf(part: string): number | null {
  if (!/^\d{4}$/.test(part)) return null;
  const year = Number(part);
  return year >= FIRST_YEAR && year <= LAST_YEAR ? year : null;
}

function whole(year: number, month: number): Days {
  const of = `${year}-${two(month)}`;
  return between(`${of}-01`, `${of}-${two(lastDay(year, month))}`);
}

/** In leap years it has a day more. */
function everyYear(month: number): Days {
  return {
    kind: 'every_year',
    from: `${two(month)}-01`,
    to: `${two(month)}-${two(lastDay(2024, month))}`,
  };
}

function between(from: string, to: string): Days {
  return { kind: 'between', from, to };
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function bare(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}
