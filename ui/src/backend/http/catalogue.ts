/**
 * The list of a gallery as far as it is known, by month and by number.
 *
 * A photo keeps its number as long as the page is open, also when the list is read anew.
 */

import type { Query } from '../types/Query';
import type { Section } from '../types/Section';
import type { Selection } from '../types/Selection';
import type { Tile } from '../types/Tile';
import { isWithin, meaningOf } from './dates';
import { type Entry, isSame, monthOf } from './entry';
import { holds, searchable } from './searchable';

type Month = string | null;

interface Numbered {
  readonly id: number;
  readonly entry: Entry;
}

type Wanted = (entry: Entry) => boolean;

export class Catalogue {
  readonly #ids = new Map<string, number>();
  readonly #known = new Map<number, Entry>();
  /** The ids of each month. */
  readonly #months = new Map<Month, Set<number>>();
  /** Newest first; made when it is asked for. */
  readonly #sorted = new Map<Month, readonly Numbered[]>();

  get size(): number {
    return this.#known.size;
  }

  /** How many of them were not looked into yet. */
  get coming(): number {
    let coming = 0;
    for (const { extracted } of this.#known.values()) if (!extracted) coming += 1;
    return coming;
  }

  entry(id: number): Entry | undefined {
    return this.#known.get(id);
  }

  keys(): string[] {
    return [...this.#known.values()].map(({ key }) => key);
  }

  /** Returns the months that look different now. */
  take(entries: readonly Entry[]): Set<Month> {
    const changed = new Set<Month>();
    for (const entry of entries) {
      const id = this.#idOf(entry.key);
      const before = this.#known.get(id);
      this.#known.set(id, entry);
      if (before && isSame(before, entry)) {
        this.#sorted.delete(monthOf(entry));
        continue;
      }
      if (before) changed.add(this.#leave(id, before));
      const month = monthOf(entry);
      const ids = this.#months.get(month) ?? new Set();
      this.#months.set(month, ids.add(id));
      this.#sorted.delete(month);
      changed.add(month);
    }
    return changed;
  }

  /** Forgets what a whole list did not hold. Returns the months that look different now. */
  keepOnly(keys: ReadonlySet<string>): Set<Month> {
    const changed = new Set<Month>();
    for (const [id, entry] of this.#known) {
      if (keys.has(entry.key)) continue;
      changed.add(this.#leave(id, entry));
      this.#known.delete(id);
    }
    return changed;
  }

  clear(): Set<Month> {
    return this.keepOnly(new Set());
  }

  /** Newest first, the undated last. */
  sections(query: Query): Section[] {
    const wanted = wantedBy(query);
    return [...this.#months.keys()]
      .sort(newestFirst)
      .map((month) => ({ month, count: this.#of(month, wanted).length }))
      .filter(({ count }) => count > 0);
  }

  tiles(query: Query, month: Month, after: string | null, limit: number): Tile[] {
    const all = this.#of(month, wantedBy(query));
    const from = after === null ? 0 : all.findIndex(({ id }) => String(id) === after) + 1;
    return all.slice(from, from + limit).map(tileOf);
  }

  chosen({ query, months, except, ids }: Selection): number[] {
    const wanted = wantedBy(query);
    const left = new Set(except);
    const whole = months.flatMap((month) => this.#of(month, wanted).map(({ id }) => id));
    return [...whole.filter((id) => !left.has(id)), ...ids];
  }

  #idOf(key: string): number {
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    return id;
  }

  #leave(id: number, entry: Entry): Month {
    const month = monthOf(entry);
    this.#months.get(month)?.delete(id);
    if (this.#months.get(month)?.size === 0) this.#months.delete(month);
    this.#sorted.delete(month);
    return month;
  }

  #of(month: Month, wanted: Wanted | null): readonly Numbered[] {
    let sorted = this.#sorted.get(month);
    if (!sorted) {
      sorted = [...(this.#months.get(month) ?? [])]
        .flatMap((id) => {
          const entry = this.#known.get(id);
          return entry ? [{ id, entry }] : [];
        })
        .sort(later);
      this.#sorted.set(month, sorted);
    }
    return wanted === null ? sorted : sorted.filter(({ entry }) => wanted(entry));
  }
}

/** Null: every photo. */
function wantedBy({ text }: Query): Wanted | null {
  const { days, words } = meaningOf(text);
  const sought = searchable(words);
  if (days.length === 0 && sought.trim() === '') return null;
  return ({ takenAt, words: own }) =>
    holds(own, sought) &&
    (days.length === 0 ||
      (takenAt !== null && days.every((some) => isWithin(takenAt.slice(0, 10), some))));
}

function tileOf({ id, entry }: Numbered): Tile {
  return {
    id,
    name: entry.name,
    width: entry.width,
    height: entry.height,
    thumbhash: entry.thumbhash,
    thumb: entry.thumb === null ? null : (entry.sha256 ?? entry.key),
    thumb_state: entry.thumb !== null ? 'made' : entry.extracted ? 'none' : 'coming',
    // Nothing was confirmed to this page: it calls nothing safe.
    state: 'online_only',
    favourite: false,
    taken_at: entry.takenAt,
    cursor: String(id),
  };
}

function newestFirst(one: Month, other: Month): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? 1 : -1;
}

function later(one: Numbered, other: Numbered): number {
  const [a, b] = [one.entry.takenAt ?? '', other.entry.takenAt ?? ''];
  if (a !== b) return a < b ? 1 : -1;
  return one.entry.key < other.entry.key ? 1 : -1;
}
