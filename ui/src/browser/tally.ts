/** How far several files are on their way up, and how fast. */

import { partOf } from '../parts/part';

export interface Tally {
  readonly files: number;
  readonly ended: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly bytes: number;
  /** How large the files are that have ended, also those that were not taken. */
  readonly gone: number;
  /** How many bytes of them really went. */
  readonly travelled: number;
  /** How many bytes are up of each file that is under way, by its number. */
  readonly sent: ReadonlyMap<number, number>;
  /** Unix milliseconds. */
  readonly since: number;
  readonly now: number;
}

/** Before so long nothing can be said about a speed. */
const MEASURED_MS = 1_000;

export function begun(now: number): Tally {
  return {
    files: 0,
    ended: 0,
    stored: 0,
    duplicates: 0,
    bytes: 0,
    gone: 0,
    travelled: 0,
    sent: new Map(),
    since: now,
    now,
  };
}

/** A form is somewhat longer than its file, and an attempt may begin again: what is up never goes back. */
export function moved(tally: Tally, number: number, bytes: number, now: number): Tally {
  const before = tally.sent.get(number) ?? 0;
  return { ...tally, sent: new Map(tally.sent).set(number, Math.max(before, bytes)), now };
}

/** Whatever became of it. */
export function ended(tally: Tally, number: number, size: number, now: number): Tally {
  const sent = new Map(tally.sent);
  sent.delete(number);
  return {
    ...tally,
    ended: tally.ended + 1,
    gone: tally.gone + size,
    travelled: tally.travelled + (tally.sent.get(number) ?? 0),
    sent,
    now,
  };
}

/** 0 to 1. */
export function part(tally: Tally): number {
  return partOf(tally.gone + underWay(tally), tally.bytes);
}

/** Bytes a second; null while too little is known. */
export function speed(tally: Tally): number | null {
  const ms = tally.now - tally.since;
  return ms < MEASURED_MS ? null : ((tally.travelled + underWay(tally)) / ms) * 1000;
}

function underWay({ sent }: Tally): number {
  let sum = 0;
  for (const bytes of sent.values()) sum += bytes;
  return sum;
}
