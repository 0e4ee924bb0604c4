/**
 * In which order a list is read that comes by its keys.
 *
 * Keys begin with the year a photo was taken in, and a list comes oldest first: so what a person wants to
 * see first is asked for first, this year's and last year's, then the rest. Under other names the same is
 * read in another order.
 */

/** Keys beyond `after`, up to and not including those from `before` on; null: no end on that side. */
export interface Stretch {
  readonly after: string | null;
  readonly before: string | null;
}

export function stretches(year: number): readonly Stretch[] {
  const [here, last] = [`${year}/`, `${year - 1}/`];
  return [
    { after: here, before: null },
    { after: last, before: here },
    { after: null, before: last },
  ];
}

/** In the order in which a store lists keys: by their UTF-8 bytes, which is that of their code points. */
export function isBefore(key: string, before: string): boolean {
  const [ours, theirs] = [[...key], [...before]];
  for (let at = 0; at < Math.min(ours.length, theirs.length); at += 1) {
    const by = (ours[at]?.codePointAt(0) ?? 0) - (theirs[at]?.codePointAt(0) ?? 0);
    if (by !== 0) return by < 0;
  }
  return ours.length < theirs.length;
}
