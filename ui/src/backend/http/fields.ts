/** JSON from outside, field by field: what is not of the expected kind is not there. */

export type Fields = Readonly<Record<string, unknown>>;

/** Null: it is no object. */
export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

export function text(of: Fields | null, name: string): string | null {
  const value = of?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function number(of: Fields | null, name: string): number | null {
  const value = of?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function texts(of: Fields | null, name: string): string[] {
  const value = of?.[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
