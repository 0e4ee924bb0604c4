/**
 * Photos that were handed over from outside: taken in like a drop, then the first of them is shown
 * as soon as it has its place in the timeline.
 */

import type { LibraryState } from '../app/library.svelte';
import type { Unsubscribe } from '../backend/backend';
import type { TimelinePlace } from '../backend/types/TimelinePlace';
import type { DropState } from './drop.svelte';

/** Whoever waited longer for a photo has gone on to something else. */
const PATIENCE_MS = 30_000;

interface Wanted {
  readonly path: string;
  readonly until: number;
}

export class Arrivals {
  #wanted: Wanted | null = null;
  #looking = false;
  #news = false;

  constructor(
    private readonly library: LibraryState,
    private readonly drop: DropState,
    /** Answers whether it could be shown. */
    private readonly show: (place: TimelinePlace) => Promise<boolean>,
  ) {}

  start(): Unsubscribe {
    const ends = [
      this.library.backend.onOpened(() => void this.#take()),
      this.library.onMonths(() => void this.#look()),
    ];
    void this.#take();
    return () => {
      for (const end of ends) end();
    };
  }

  async #take(): Promise<void> {
    const paths = await this.library.backend.opened();
    const [path] = paths;
    if (path === undefined) return;
    await this.drop.take(paths, 'watch');
    if (this.drop.outcome?.kind !== 'done') return;
    this.#wanted = { path, until: Date.now() + PATIENCE_MS };
    await this.#look();
  }

  /** Its file is read for that: once at a time, and once more for what came meanwhile. */
  async #look(): Promise<void> {
    this.#news = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#wanted && this.#news) {
      this.#news = false;
      await this.#lookOnce(this.#wanted);
    }
    this.#looking = false;
  }

  async #lookOnce(wanted: Wanted): Promise<void> {
    if (Date.now() > wanted.until) {
      this.#wanted = null;
      return;
    }
    // One that cannot be read is said by the drop's report.
    const place = await this.library.backend.locate(wanted.path).catch(() => null);
    if (place === null || this.#wanted !== wanted) return;
    this.#wanted = null;
    if (!(await this.show(place))) this.#wanted ??= wanted;
  }
}
