/**
 * How soon a month may be asked for again.
 *
 * A month is often said to have changed when nothing of it that is shown has. Each time the answer
 * is the same, it is left alone for longer; a real change makes it quick again.
 */

/** A change is asked for after this, so that many make one question. */
export const SETTLE_MS = 400;
const LONGEST_MS = 6_400;

export class Patience {
  readonly #rests = new Map<string, { readonly from: number; readonly ms: number }>();

  constructor(private readonly now: () => number) {}

  /** The month was asked for again, in this many pages. */
  asked(key: string, answer: 'changed' | 'same', pages: number): void {
    const least = Math.min(LONGEST_MS, SETTLE_MS * Math.max(1, pages));
    const before = this.#rests.get(key)?.ms ?? 0;
    const ms = answer === 'changed' ? least : Math.min(LONGEST_MS, Math.max(least, before * 2));
    this.#rests.set(key, { from: this.now(), ms });
  }

  /** Milliseconds until the month may be asked for again; 0: now. */
  left(key: string): number {
    const rest = this.#rests.get(key);
    return rest ? Math.max(0, rest.from + rest.ms - this.now()) : 0;
  }
}
