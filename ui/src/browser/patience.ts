/** When a list is read again in which some photos had no metadata and no thumbnail yet. */

const FIRST_MS = 4_000;
const LONGEST_MS = 10 * 60_000;
/** Reading takes no more than one part in so many of the time. */
const SHARE = 20;

/** `nth`: how often in a row it was so, from 1; `took`: how long the last reading took. Milliseconds. */
export function pauseBefore(nth: number, took: number): number {
  return Math.min(LONGEST_MS, Math.max(FIRST_MS * 2 ** (nth - 1), took * SHARE));
}
