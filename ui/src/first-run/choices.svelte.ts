/** What the first run asks: which folders, and where they should be safe. */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { FolderPreview } from '../backend/types/FolderPreview';
import { Draft } from '../storage/draft.svelte';

/** A folder that can be chosen, counted while one looks. */
export class Candidate {
  chosen = $state(true);
  preview = $state.raw<FolderPreview | null>(null);
  broken = $state.raw<Failure | null>(null);
  readonly usable = $derived(this.preview === null ? this.broken === null : !this.preview.refused);

  constructor(readonly path: string) {}

  async look(backend: Backend): Promise<void> {
    try {
      this.preview = await backend.previewFolder(this.path);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }
}

export class Choices {
  candidates = $state.raw<readonly Candidate[]>([]);
  broken = $state.raw<Failure | null>(null);
  starting = $state(false);
  readonly folders = $derived(
    this.candidates.filter((candidate) => candidate.chosen && candidate.usable),
  );
  readonly draft: Draft;
  readonly canStart: boolean = $derived.by(
    () => this.folders.length > 0 && this.draft.ready && !this.starting,
  );

  constructor(private readonly backend: Backend) {
    this.draft = new Draft(backend);
  }

  async suggest(): Promise<void> {
    try {
      for (const path of await this.backend.suggestedFolders()) this.#offer(path);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  async another(): Promise<void> {
    try {
      const path = await this.backend.pickFolder();
      if (path !== null) this.#offer(path);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  /** True when everything chosen is under way. */
  async start(): Promise<boolean> {
    if (!this.canStart) return false;
    this.starting = true;
    this.broken = null;
    try {
      for (const { path } of this.folders) await this.#watch(path);
      await this.draft.add();
      return true;
    } catch (thrown) {
      this.broken = failure(thrown);
      return false;
    } finally {
      this.starting = false;
    }
  }

  #offer(path: string): void {
    const known = this.candidates.find((candidate) => candidate.path === path);
    if (known) {
      known.chosen = true;
      return;
    }
    const candidate = new Candidate(path);
    this.candidates = [...this.candidates, candidate];
    void candidate.look(this.backend);
  }

  /** A start that failed half-way is repeated: what is watched by then is fine. */
  async #watch(path: string): Promise<void> {
    try {
      await this.backend.addFolder(path);
    } catch (thrown) {
      if (failure(thrown).code !== 'folder_already_watched') throw thrown;
    }
  }
}
