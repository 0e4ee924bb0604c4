/** When a list is read again. */

const FIRST_MS = 4_000;
const LONGEST_MS = 10 * 60_000;
/** Reading takes no more than one part in so many of the time. */
const SHARE = 20;
/** Who comes back to the page later than this sees what came meanwhile. */
const OLD_MS = 60_000;
/** Before this the addresses in a list are good; they are for an hour. */
const GOOD_MS = 45 * 60_000;

/**
 * While some photos have no metadata and no thumbnail. `nth`: how often in a row it was so, from 1; `took`: how
 * long the last reading took. Milliseconds.
 */
export function pauseBefore(nth: number, took: number): number {
  return Math.min(LONGEST_MS, Math.max(FIRST_MS * 2 ** (nth - 1), took * SHARE));
}

/** How long nobody who looks at the page needs it anew. `took`: how long the last reading took. Milliseconds. */
export function youngFor(took: number): number {
  return Math.min(GOOD_MS, Math.max(OLD_MS, took * SHARE));
}
