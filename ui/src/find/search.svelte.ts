/**
 * What is looked for: the text as it is typed, and filters, as one query.
 *
 * The gallery shows the answer to the latest; one that was overtaken while it was asked is dropped.
 */

import type { Gallery } from '../backend/backend';
import type { FolderPlace } from '../backend/types/FolderPlace';
import type { Meaning } from '../backend/types/Meaning';
import type { Query } from '../backend/types/Query';
import type { StateFilter } from '../backend/types/StateFilter';
import { EVERYTHING, type Timeline } from '../photos/timeline.svelte';
import { isEverything } from './query';

/** Keys that are typed in one go are one question. */
const TYPING_MS = 60;
const NO_MEANING: Meaning = { days: [], words: '' };

export class Search {
  query = $state.raw<Query>(EVERYTHING);
  /** Of the text that was asked for last. */
  meaning = $state.raw<Meaning>(NO_MEANING);
  readonly active = $derived(!isEverything(this.query));

  #typing: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #unasked = false;

  constructor(
    private readonly backend: Gallery,
    private readonly timeline: Timeline,
  ) {}

  /** Ends what is still to be asked. */
  stop(): void {
    clearTimeout(this.#typing);
  }

  type(text: string): void {
    this.query = { ...this.query, text };
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#ask(), TYPING_MS);
  }

  /** Changes filters, or the text at once. */
  set(change: Partial<Query>): void {
    this.query = { ...this.query, ...change };
    clearTimeout(this.#typing);
    void this.#ask();
  }

  clear(): void {
    if (this.active) this.set(EVERYTHING);
  }

  /** Every photo is shown again when this ends. */
  async everything(): Promise<void> {
    if (this.timeline.query === EVERYTHING) return;
    clearTimeout(this.#typing);
    this.query = EVERYTHING;
    await this.timeline.find(EVERYTHING);
    this.meaning = NO_MEANING;
  }

  toggleState(state: StateFilter): void {
    this.set({ states: toggled(this.query.states, state) });
  }

  toggleFormat(format: string): void {
    this.set({ formats: toggled(this.query.formats, format) });
  }

  toggleFavourite(): void {
    this.set({ favourite: !this.query.favourite });
  }

  place(folder: FolderPlace | null): void {
    this.set({ folder });
  }

  /** One question at a time; the latest of those that came meanwhile is asked afterwards. */
  async #ask(): Promise<void> {
    this.#unasked = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#unasked) {
      this.#unasked = false;
      const query = isEverything(this.query) ? EVERYTHING : this.query;
      const [meaning] = await Promise.all([this.#understand(query), this.timeline.find(query)]);
      if (!this.#unasked) this.meaning = meaning;
    }
    this.#asking = false;
  }

  /** Only the chip depends on it: where it cannot be had, the answer still stands. */
  async #understand({ text }: Query): Promise<Meaning> {
    if (text.trim() === '') return NO_MEANING;
    return this.backend.meaning(text).catch(() => NO_MEANING);
  }
}

function toggled<T>(all: readonly T[], one: T): T[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
}
