/** What moves, what needs the person, what is done today: asked again whenever the queue changes. */

import type { LibraryState } from '../app/library.svelte';
import { type Failure, failure } from '../backend/backend';
import type { Activity } from '../backend/types/Activity';
import type { Transfer } from '../backend/types/Transfer';
import { onward } from './progress';

export class ActivityState {
  activity = $state.raw<Activity | null>(null);
  broken = $state.raw<Failure | null>(null);
  /** Bytes shown of each transfer. */
  sent = $state.raw<ReadonlyMap<string, number>>(new Map());
  #asking = false;
  #again = false;

  constructor(private readonly library: LibraryState) {}

  /** One question at a time; what changes meanwhile is asked once more afterwards. */
  async refresh(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      this.activity = await this.library.backend.activity();
      this.broken = null;
      this.moved(this.activity.now);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
    this.#asking = false;
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }

  moved(now: readonly Transfer[]): void {
    this.sent = onward(now, this.sent);
    if (this.activity && now !== this.activity.now)
      this.activity = { ...this.activity, now: [...now] };
  }

  /** Does it and asks again; what fails is said in place. */
  async act(action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.broken = null;
    } catch (thrown) {
      this.broken = failure(thrown);
    }
    await this.library.refresh();
    await this.refresh();
  }
}
