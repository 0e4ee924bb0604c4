/**
 * Whether the first run's page stands, and what was typed on it.
 *
 * **Invariant:** once it stands, only a completed start ends it. What becomes of the library
 * meanwhile, a folder dropped or one half of a start, neither takes it away nor empties it.
 */

import type { LibraryState } from '../app/library.svelte';
import type { Status } from '../backend/types/Status';
import { Choices } from './choices.svelte';

export class FirstRunState {
  /** Null: the page does not stand. */
  choices = $state.raw<Choices | null>(null);
  #first = false;

  constructor(private readonly library: LibraryState) {}

  /** The library is in this state now. */
  see(status: Status | null): void {
    const first = status?.first_run === true;
    if (first && !this.#first) {
      this.choices = new Choices(this.library);
      void this.choices.suggest();
    }
    this.#first = first;
  }

  /** True when everything chosen is under way, and the page is done. */
  async start(): Promise<boolean> {
    const choices = this.choices;
    if (!choices) return false;
    const { returning } = choices;
    if (!(await (returning ? returning.rebuild() : choices.start()))) return false;
    this.choices = null;
    return true;
  }
}
