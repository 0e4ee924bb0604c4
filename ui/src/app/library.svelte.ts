/**
 * The library as every view sees it: its status, what moves, and what changed.
 *
 * One instance lives as long as the window; views subscribe to changed months and end that with
 * the function they get back.
 */

import { SvelteMap } from 'svelte/reactivity';
import { type Backend, type Failure, failure, type Unsubscribe } from '../backend/backend';
import type { Event } from '../backend/types/Event';
import type { Settings } from '../backend/types/Settings';
import type { Status } from '../backend/types/Status';
import type { Transfer } from '../backend/types/Transfer';
import { Comparing } from '../compare/comparing.svelte';
import { Checkup } from '../storage/checkup.svelte';
import { type Copying, type Summary, summary } from './summary';

/** How often "3 minutes ago" is said anew. */
const CLOCK_MS = 20_000;

type MonthsListener = (months: readonly (string | null)[]) => void;

export class LibraryState {
  status = $state.raw<Status | null>(null);
  broken = $state.raw<Failure | null>(null);
  settings = $state.raw<Settings | null>(null);
  copying = $state.raw<Copying | null>(null);
  /** Originals on their way into a folder that the person chose. */
  saving = $state.raw<Copying | null>(null);
  transfers = $state.raw<readonly Transfer[]>([]);
  now = $state(Date.now());
  /** Rises whenever the queue may look different. */
  revision = $state(0);
  /** How much of each photo is up, 0 to 1. */
  readonly progress = new SvelteMap<number, number>();
  readonly summary: Summary = $derived.by(() =>
    summary(this.status, this.copying, this.now, this.broken ? 'failed' : 'going-on'),
  );

  /** How often the library told its status by itself. */
  #told = 0;
  readonly #checkups = new Map<number, Checkup>();
  readonly #monthsListeners = new Set<MonthsListener>();

  /** The places side by side. */
  readonly comparing: Comparing;

  constructor(readonly backend: Backend) {
    this.comparing = new Comparing(backend);
  }

  /** Follows the library until the returned function is called. */
  start(): Unsubscribe {
    const unsubscribe = this.backend.onEvent((event) => this.#take(event));
    const clock = setInterval(() => {
      this.now = Date.now();
    }, CLOCK_MS);
    void this.refresh();
    return () => {
      unsubscribe();
      clearInterval(clock);
    };
  }

  async refresh(): Promise<void> {
    const told = this.#told;
    try {
      const [status, settings] = await Promise.all([
        this.backend.status(),
        this.backend.settings(),
      ]);
      // Every change is told after it: what was told since is newer than this answer may be.
      if (told === this.#told) this.#setStatus(status);
      this.settings = settings;
      this.broken = null;
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  /** The checks of a destination. */
  checkup(destination: number): Checkup {
    const known = this.#checkups.get(destination);
    if (known) return known;
    const checkup = new Checkup(this.backend, destination);
    this.#checkups.set(destination, checkup);
    return checkup;
  }

  onMonths(listener: MonthsListener): Unsubscribe {
    this.#monthsListeners.add(listener);
    return () => this.#monthsListeners.delete(listener);
  }

  /** Shown at once; what the library refuses is taken back, and thrown. */
  async change(settings: Settings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    try {
      await this.backend.changeSettings(settings);
    } catch (thrown) {
      this.settings = before;
      throw failure(thrown);
    }
  }

  #take(event: Event): void {
    switch (event.type) {
      case 'status':
        this.#told += 1;
        this.#setStatus(event.status);
        this.broken = null;
        break;
      case 'transfers':
        this.#setTransfers(event.now);
        break;
      case 'copying':
        this.copying = event.done < event.total ? { done: event.done, total: event.total } : null;
        break;
      case 'saving':
        this.saving = event.done < event.total ? { done: event.done, total: event.total } : null;
        break;
      case 'settings':
        this.settings = event.settings;
        break;
      case 'verifying':
        this.#checkups.get(event.destination)?.moved(event.done, event.total);
        break;
      case 'measuring':
        this.comparing.moved(event);
        break;
      case 'photos':
        for (const listener of this.#monthsListeners) listener(event.months);
        break;
    }
  }

  #setStatus(status: Status): void {
    this.status = status;
    this.now = Date.now();
    this.revision += 1;
  }

  #setTransfers(transfers: readonly Transfer[]): void {
    this.transfers = transfers;
    const moving = new Set(transfers.map(({ photo }) => photo));
    for (const photo of this.progress.keys()) {
      if (!moving.has(photo)) this.progress.delete(photo);
    }
    // One photo may go to two places: the ring shows the slower, and never goes back.
    const slowest = new Map<number, number>();
    for (const { photo, sent, size } of transfers) {
      const part = size > 0 ? Math.min(1, sent / size) : 0;
      slowest.set(photo, Math.min(part, slowest.get(photo) ?? 1));
    }
    for (const [photo, part] of slowest) {
      this.progress.set(photo, Math.max(part, this.progress.get(photo) ?? 0));
    }
  }
}
