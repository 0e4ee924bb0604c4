/** Whether the window shows sample photos that are tried out, and how it comes to that and back. */

import { type Backend, type Failure, failure } from '../backend/backend';

export class Trial {
  underWay = $state(false);
  /** It is being begun, or ended. */
  changing = $state(false);
  broken = $state.raw<Failure | null>(null);
  /** Rises with each library that the window shows: everything is asked anew. */
  round = $state(0);

  constructor(private readonly backend: Backend) {}

  async look(): Promise<void> {
    try {
      this.underWay = await this.backend.trying();
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  /** `safe` is what its safe place is called. */
  start(safe: string): Promise<void> {
    return this.#change(() => this.backend.startTrial(safe), true);
  }

  end(): Promise<void> {
    return this.#change(() => this.backend.endTrial(), false);
  }

  async #change(what: () => Promise<void>, underWay: boolean): Promise<void> {
    if (this.changing) return;
    this.changing = true;
    this.broken = null;
    try {
      await what();
      this.underWay = underWay;
      this.round += 1;
    } catch (thrown) {
      this.broken = failure(thrown);
    } finally {
      this.changing = false;
    }
  }
}
