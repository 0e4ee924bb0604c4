/** What was tried last from one place in the window, and why it was in vain: said there, until it is tried again. */

import { type Failure, failure } from '../backend/backend';

export class Attempt {
  broken = $state.raw<Failure | null>(null);

  /** True when it went well. */
  async to(what: () => Promise<unknown>): Promise<boolean> {
    this.broken = null;
    try {
      await what();
      return true;
    } catch (thrown) {
      this.broken = failure(thrown);
      return false;
    }
  }
}
