/**
 * The places side by side, and their measuring.
 *
 * It lives as long as the window, so that a measuring that is under way, or what it said, is still there when the
 * person comes back to it.
 */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { Comparison } from '../backend/types/Comparison';
import type { MeasureReport } from '../backend/types/MeasureReport';

export interface Asking {
  /** The place that is being asked. */
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

export class Comparing {
  comparison = $state.raw<Comparison | null>(null);
  /** None: no measuring is under way. */
  asking = $state.raw<Asking | null>(null);
  report = $state.raw<MeasureReport | null>(null);
  /** What the person asked for last failed, or else what is shown could not be read. */
  readonly broken: Failure | null = $derived.by(() => this.#undone ?? this.#unread);

  #undone = $state.raw<Failure | null>(null);
  #unread = $state.raw<Failure | null>(null);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    try {
      this.comparison = await this.backend.compare();
      this.#unread = null;
    } catch (thrown) {
      this.#unread = failure(thrown);
    }
  }

  async measure(): Promise<void> {
    if (this.asking) return;
    this.asking = { name: '', done: 0, total: 0 };
    this.report = null;
    this.#undone = null;
    try {
      this.report = await this.backend.measure();
    } catch (thrown) {
      this.#undone = failure(thrown);
    }
    this.asking = null;
    await this.load();
  }

  async stop(): Promise<void> {
    await this.#act(() => this.backend.stopMeasure());
  }

  async editPrices(): Promise<void> {
    await this.#act(() => this.backend.editPrices());
  }

  /** Heard from the library; only a measuring that began here is shown. */
  moved(asking: Asking): void {
    if (this.asking && asking.done >= this.asking.done) this.asking = asking;
  }

  async #act(action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.#undone = null;
    } catch (thrown) {
      this.#undone = failure(thrown);
    }
  }
}
