/** Looking for drawn photos: by their names, years, states, and who is a favourite. */

import type { Meaning } from '../types/Meaning';
import type { Query } from '../types/Query';
import type { Section } from '../types/Section';
import type { Selection } from '../types/Selection';
import type { Tile } from '../types/Tile';
import type { Library } from './drawn';
import type { Scene } from './scenes';

export class Finding {
  readonly #favourites = new Set<number>();

  constructor(
    private readonly library: Library,
    private readonly scene: Scene,
  ) {}

  meaning(text: string): Meaning {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const years = words.filter((word) => /^20[0-2]\d$/.test(word));
    return {
      days: years.map((year) => ({
        kind: 'between',
        from: `${year}-01-01`,
        to: `${year}-12-31`,
      })),
      words: words.filter((word) => !years.includes(word)).join(' '),
    };
  }

  sections(query: Query): Section[] {
    if (isEverything(query)) return this.library.sections;
    return this.library.sections
      .map(({ month }) => ({ month, count: this.#month(query, month).length }))
      .filter(({ count }) => count > 0);
  }

  tiles(query: Query, month: string | null, after: string | null, limit: number): Tile[] {
    if (isEverything(query)) {
      return this.library.page(month, after, limit, this.scene).map((tile) => this.#told(tile));
    }
    const all = this.#month(query, month);
    const from = after === null ? 0 : all.findIndex(({ cursor }) => cursor === after) + 1;
    return all.slice(from, from + limit);
  }

  ids({ query, months, except, ids }: Selection): number[] {
    const whole = months.flatMap((month) => this.#month(query, month).map(({ id }) => id));
    return [...whole.filter((id) => !except.includes(id)), ...ids];
  }

  favour(selection: Selection, favourite: boolean): void {
    for (const id of this.ids(selection)) {
      if (favourite) this.#favourites.add(id);
      else this.#favourites.delete(id);
    }
  }

  isFavourite(id: number): boolean {
    return this.#favourites.has(id);
  }

  #told(tile: Tile): Tile {
    return { ...tile, favourite: this.#favourites.has(tile.id) };
  }

  #month(query: Query, month: string | null): Tile[] {
    const { days, words } = this.meaning(query.text);
    const wanted = words.toLowerCase().split(' ');
    return this.library
      .page(month, null, Number.MAX_SAFE_INTEGER, this.scene)
      .map((tile) => this.#told(tile))
      .filter((tile) => wanted.every((word) => tile.name.toLowerCase().includes(word)))
      .filter(() => days.every((span) => span.from.slice(0, 4) === month?.slice(0, 4)))
      .filter((tile) => !query.favourite || tile.favourite)
      .filter(({ state }) => {
        if (query.states.length === 0) return true;
        return query.states.some((wish) =>
          wish === 'online_only'
            ? state === 'online_only'
            : wish === 'needs_you'
              ? state === 'failed'
              : state !== 'online_only' && state !== 'backed_up',
        );
      });
  }
}

function isEverything(query: Query): boolean {
  const { text, states, folder, formats, favourite } = query;
  return (
    text.trim() === '' &&
    states.length === 0 &&
    folder === null &&
    formats.length === 0 &&
    !favourite
  );
}
