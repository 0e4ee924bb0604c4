/**
 * *I already have a library*: where it is, what is there, and the rebuild.
 *
 * **Invariant:** what was counted holds only for exactly the place that was tested.
 */

import type { LibraryState } from '../app/library.svelte';
import { type Failure, failure } from '../backend/backend';
import type { DestinationView } from '../backend/types/DestinationView';
import type { Survey } from '../backend/types/Survey';
import type { Draft, Outcome } from '../storage/draft.svelte';

export class Returning {
  counting = $state(false);
  beginning = $state(false);
  broken = $state.raw<Failure | null>(null);
  #counted = $state.raw<{ outcome: Outcome; survey: Survey } | null>(null);
  readonly survey: Survey | null = $derived.by(() =>
    this.#counted && this.#counted.outcome === this.draft.outcome ? this.#counted.survey : null,
  );
  readonly canRebuild: boolean = $derived.by(
    () => this.draft.ready && this.survey?.library === true && !this.beginning,
  );
  /** By a begin that failed half-way. */
  #added: DestinationView | null = null;

  /** `draft` is the page's own: what was typed there stays, whichever of the two is meant. */
  constructor(
    private readonly library: LibraryState,
    readonly draft: Draft,
  ) {}

  /** Counts what is there, once the place was seen working. */
  async look(): Promise<void> {
    const outcome = this.draft.outcome;
    if (!this.draft.ready || outcome === null || this.#counted?.outcome === outcome) return;
    this.counting = true;
    this.broken = null;
    try {
      this.#counted = { outcome, survey: await this.draft.survey() };
    } catch (thrown) {
      this.broken = failure(thrown);
    } finally {
      this.counting = false;
    }
  }

  /** True when the rebuild is under way. */
  async rebuild(): Promise<boolean> {
    if (!this.canRebuild) return false;
    this.beginning = true;
    this.broken = null;
    try {
      this.#added ??= await this.draft.add();
      await this.library.backend.startRebuild(this.#added.id);
      return true;
    } catch (thrown) {
      this.broken = failure(thrown);
      return false;
    } finally {
      this.beginning = false;
    }
  }
}
