/** What the first run asks: which folders, and where they should be safe. */

import type { LibraryState } from '../app/library.svelte';
import { type Backend, type Failure, failure } from '../backend/backend';
import type { DestinationView } from '../backend/types/DestinationView';
import type { FolderPreview } from '../backend/types/FolderPreview';
import type { FolderView } from '../backend/types/FolderView';
import { Draft } from '../storage/draft.svelte';
import { Returning } from './returning.svelte';

/** A folder that can be chosen, counted while one looks. */
export class Candidate {
  chosen = $state(true);
  preview = $state.raw<FolderPreview | null>(null);
  /** Why it could not be looked at, or not be watched. */
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

  /** Of a start that is repeated: what is watched by then is fine. */
  async watch(backend: Backend): Promise<void> {
    this.broken = null;
    try {
      await backend.addFolder(this.path);
    } catch (thrown) {
      const broken = failure(thrown);
      if (broken.code !== 'folder_already_watched') this.broken = broken;
    }
  }
}

export class Choices {
  candidates = $state.raw<readonly Candidate[]>([]);
  broken = $state.raw<Failure | null>(null);
  starting = $state(false);
  /** A chosen folder could not be watched; its line says why. */
  readonly unwatched = $derived(
    this.candidates.some(({ chosen, preview, broken }) => chosen && preview && broken),
  );
  readonly folders = $derived(
    this.candidates.filter((candidate) => candidate.chosen && candidate.usable),
  );
  readonly draft: Draft;
  /** Null: a new library is begun. */
  returning = $state.raw<Returning | null>(null);
  /** Chosen before: dropped on this page, or by a start that failed half-way. */
  readonly watched: readonly FolderView[] = $derived.by(
    () => this.library.status?.folders.filter((folder) => !folder.managed) ?? [],
  );
  /** A candidate that is watched by now is among those, not here. */
  readonly offered: readonly Candidate[] = $derived.by(() => {
    const watched = new Set(this.watched.map(({ path }) => path));
    return this.candidates.filter(({ path }) => !watched.has(path));
  });
  readonly placed: readonly DestinationView[] = $derived.by(
    () => this.library.status?.destinations ?? [],
  );
  readonly hasFolder: boolean = $derived.by(
    () => this.folders.length > 0 || this.watched.length > 0,
  );
  readonly hasPlace: boolean = $derived.by(() => this.placed.length > 0 || this.draft.ready);
  readonly canStart: boolean = $derived.by(() => this.hasFolder && this.hasPlace && !this.starting);

  constructor(private readonly library: LibraryState) {
    this.draft = new Draft(library.backend);
  }

  /** There is a library somewhere. */
  return(): void {
    this.returning = new Returning(this.library, this.draft);
  }

  async suggest(): Promise<void> {
    try {
      for (const path of await this.library.backend.suggestedFolders()) this.#offer(path);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  async another(): Promise<void> {
    try {
      const path = await this.library.backend.pickFolder();
      if (path !== null) this.#offer(path);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  /**
   * True when everything chosen is under way. The place comes first: without one, watching a
   * folder would not make anything safe.
   */
  async start(): Promise<boolean> {
    if (!this.canStart) return false;
    this.starting = true;
    this.broken = null;
    try {
      if (this.placed.length === 0) await this.draft.add();
      for (const candidate of this.folders) await candidate.watch(this.library.backend);
      return !this.unwatched;
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
    void candidate.look(this.library.backend);
  }
}
