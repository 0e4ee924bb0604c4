/** Bytes as a person types them: a number and a unit, in powers of 1,000. */

const UNITS = { kB: 1e3, MB: 1e6, GB: 1e9 } as const;
export type Unit = keyof typeof UNITS;

/** The largest of these units in which the number is one at least; else the smallest. */
export function unitFor<Of extends Unit>(bytes: number | null, units: readonly Of[]): Of {
  const falling = units.toSorted((a, b) => UNITS[b] - UNITS[a]);
  const fits = falling.find((unit) => bytes !== null && bytes >= UNITS[unit]);
  return fits ?? (bytes === null ? falling[0] : falling.at(-1)) ?? (falling[0] as Of);
}

/** `1.5` of 1,500,000 in MB, with the language's own point. */
export function typed(bytes: number | null, unit: Unit, locale: string): string {
  if (bytes === null) return '';
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 3, useGrouping: false });
  return format.format(bytes / UNITS[unit]);
}

/** What was typed, in bytes: null for nothing, undefined where it is no amount above nought. */
export function amount(text: string, unit: Unit): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  // Both points are understood: which one is meant as such is plain in so short a number.
  if (!/^\d+(?:[.,]\d+)?$/.test(trimmed)) return undefined;
  const bytes = Math.round(Number(trimmed.replace(',', '.')) * UNITS[unit]);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
