/**
 * Pictures that an `<img>` cannot ask for by itself: those of an `imgn-server` on a page that came from elsewhere.
 * They want the token, and no cookie goes there; so their bytes are fetched, and shown from the page's memory.
 *
 * An address that is signed, and whatever is beside the page, is left to the browser.
 */

import { SvelteMap } from 'svelte/reactivity';
import type { Api } from './api';

type Size = 'thumb' | 'original';

const SIZES: readonly Size[] = ['thumb', 'original'];
/** How many are kept: the first have some tens of kilobytes, the others some megabytes. */
const MOST: Readonly<Record<Size, number>> = { thumb: 1_000, original: 8 };

export class Pictures {
  readonly #shelves: Readonly<Record<Size, Shelf>> = { thumb: new Shelf(), original: new Shelf() };

  constructor(private readonly api: Api) {}

  /** What an `<img>` shows for this address; null: nothing yet. */
  shown(at: string, size: Size): string | null {
    if (!this.wantsToken(at)) return at;
    const shelf = this.#shelves[size];
    if (!shelf.asked.has(at)) void this.#bring(at, size);
    return shelf.held.get(at) ?? null;
  }

  /** Whether an `<img>` or a link would be refused there. */
  wantsToken(at: string): boolean {
    const { elsewhere, base } = this.api.place;
    return elsewhere && new URL(at).origin === base.origin;
  }

  /** The server answers again: what did not come is asked for once more. */
  again(): void {
    for (const size of SIZES) {
      const missed = [...this.#shelves[size].missed];
      this.#shelves[size].missed.clear();
      for (const at of missed) void this.#bring(at, size);
    }
  }

  /** Somebody else may look now. */
  forget(): void {
    for (const size of SIZES) this.#shelves[size].clear();
  }

  async #bring(at: string, size: Size): Promise<void> {
    const shelf = this.#shelves[size];
    shelf.asked.add(at);
    try {
      const bytes = await this.api.bytes(at);
      // It may have been forgotten meanwhile.
      if (shelf.asked.has(at)) shelf.put(at, URL.createObjectURL(bytes), MOST[size]);
    } catch {
      // What is wrong with the server is said where its list is asked for.
      if (shelf.asked.has(at)) shelf.missed.add(at);
    }
  }
}

/** Pictures by address; that which came first goes first. */
class Shelf {
  readonly held = new SvelteMap<string, string>();
  readonly asked = new Set<string>();
  readonly missed = new Set<string>();

  put(at: string, url: string, most: number): void {
    this.held.set(at, url);
    for (const [oldest, its] of this.held) {
      if (this.held.size <= most) return;
      this.held.delete(oldest);
      this.asked.delete(oldest);
      URL.revokeObjectURL(its);
    }
  }

  clear(): void {
    for (const url of this.held.values()) URL.revokeObjectURL(url);
    this.held.clear();
    this.asked.clear();
    this.missed.clear();
  }
}
