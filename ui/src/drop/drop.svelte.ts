/**
 * What is held over the window, what dropping it would do, and how the last drop ended.
 */

import type { LibraryState } from '../app/library.svelte';
import type { Copying } from '../app/summary';
import {
  type Backend,
  type Drag,
  type Failure,
  failure,
  type Unsubscribe,
} from '../backend/backend';
import type { DropChoice } from '../backend/types/DropChoice';
import type { DropPlan } from '../backend/types/DropPlan';
import type { DropReport } from '../backend/types/DropReport';
import { choiceAt } from './choice';

/** Something held over the window. */
export interface Over {
  readonly paths: readonly string[];
  /** Null while it is being made. */
  readonly plan: DropPlan | null;
  /** Why there is no plan; dropping is still possible, and reports what fails. */
  readonly failure: Failure | null;
  readonly choice: DropChoice;
}

/** How the last drop ended, or that it is under way. */
export type Outcome =
  | { readonly kind: 'working' }
  | { readonly kind: 'done'; readonly report: DropReport }
  /** There was nothing on the clipboard that could be pasted. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export class DropState {
  over = $state.raw<Over | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  /** How far the copying is, while a drop is under way. */
  readonly copying: Copying | null = $derived.by(() =>
    this.outcome?.kind === 'working' ? this.library.copying : null,
  );
  /** Where photos are kept safe. */
  readonly places: number = $derived.by(() => this.library.status?.destinations.length ?? 0);
  #x = 0;
  #planning: Promise<DropPlan | null> = Promise.resolve(null);
  readonly #backend: Backend;

  constructor(private readonly library: LibraryState) {
    this.#backend = library.backend;
  }

  start(): Unsubscribe {
    return this.#backend.onDrag((drag) => this.#take(drag));
  }

  dismiss(): void {
    this.outcome = null;
  }

  take(paths: readonly string[], choice: DropChoice): Promise<void> {
    return this.#work(() => this.#backend.dropPaths(paths, choice));
  }

  /** Takes in what lies on the clipboard; a drop that is under way goes on alone. */
  async paste(): Promise<void> {
    if (this.outcome?.kind === 'working') return;
    await this.#work(() => this.#backend.paste());
  }

  async #work(what: () => Promise<DropReport | null>): Promise<void> {
    this.outcome = { kind: 'working' };
    try {
      const report = await what();
      this.outcome = report === null ? { kind: 'nothing' } : { kind: 'done', report };
    } catch (thrown) {
      this.outcome = { kind: 'failed', failure: failure(thrown) };
    } finally {
      // A copying that broke off says nothing of its own end.
      this.library.copying = null;
    }
  }

  #take(drag: Drag): void {
    switch (drag.type) {
      case 'enter':
        this.over = { paths: drag.paths, plan: null, failure: null, choice: 'watch' };
        this.#x = drag.x;
        this.#planning = this.#plan(drag.paths);
        break;
      case 'over':
        this.#x = drag.x;
        this.#point();
        break;
      case 'drop':
        void this.#drop(drag.paths, drag.x);
        break;
      case 'leave':
        this.over = null;
        break;
    }
  }

  /** Marks the target under the pointer. */
  #point(): void {
    const { over } = this;
    if (!over) return;
    const choice = choiceAt(over.plan, this.#x, window.innerWidth);
    if (choice !== over.choice) this.over = { ...over, choice };
  }

  async #plan(paths: readonly string[]): Promise<DropPlan | null> {
    try {
      const plan = await this.#backend.planDrop(paths);
      if (this.over?.paths === paths) this.over = { ...this.over, plan };
      this.#point();
      return plan;
    } catch (thrown) {
      if (this.over?.paths === paths) this.over = { ...this.over, failure: failure(thrown) };
      return null;
    }
  }

  async #drop(paths: readonly string[], x: number): Promise<void> {
    this.over = null;
    this.outcome = { kind: 'working' };
    const width = window.innerWidth;
    const plan = await this.#planning;
    await this.take(paths, choiceAt(plan, x, width));
  }
}
