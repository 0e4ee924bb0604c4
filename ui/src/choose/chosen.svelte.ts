/**
 * The photos that are chosen in the gallery, and what is done with them.
 *
 * A choice belongs to the query it was made under, and ends with it.
 */

import type { LibraryState } from '../app/library.svelte';
import { type Failure, failure } from '../backend/backend';
import type { Selection } from '../backend/types/Selection';
import type { Tile } from '../backend/types/Tile';
import type { Glyph } from '../parts/glyph';
import type { Place } from '../photos/places';
import type { Timeline } from '../photos/timeline.svelte';
import { words } from '../words';
import { lastPart, type Sentence, say } from '../words/sentence';
import {
  type Choice,
  count,
  has,
  NOTHING,
  ofMonth,
  type Picked,
  ranged,
  selection,
  together,
  toggled,
  withMonths,
  withoutMonth,
} from './choice';

/** How long a sentence about what was done stands. */
const SAID_MS = 6_000;

/** Something that can be done with photos. */
export interface Action {
  readonly key: string;
  readonly label: string;
  readonly glyph: Glyph;
  readonly run: () => void;
}

export class Chosen {
  choice = $state.raw<Choice>(NOTHING);
  /** What was done, in words. */
  said = $state.raw<Sentence | null>(null);
  /** The technical text behind what was said. */
  details = $state('');
  broken = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** Where a range begins. */
  #anchor: Place | null = null;
  #before: Choice = NOTHING;
  #saying: ReturnType<typeof setTimeout> | undefined;

  readonly count = $derived.by(() => count(this.choice, this.timeline.blocks ?? []));
  readonly any = $derived(this.count > 0);

  constructor(
    private readonly library: LibraryState,
    private readonly timeline: Timeline,
  ) {}

  stop(): void {
    clearTimeout(this.#saying);
  }

  has(photo: Picked): boolean {
    return has(this.choice, photo);
  }

  ofMonth(month: string | null): 'none' | 'some' | 'all' {
    const block = this.timeline.blocks?.find((other) => other.month === month);
    return block ? ofMonth(this.choice, block) : 'none';
  }

  toggle(tile: Tile, place: Place): void {
    this.choice = toggled(this.choice, { id: tile.id, month: place.month });
    this.#begin(place);
  }

  /** From the photo that was chosen last to this one, instead of the range before. */
  async extend(place: Place): Promise<void> {
    const anchor = this.#anchor ?? place;
    await Promise.all([this.timeline.tileAt(anchor), this.timeline.tileAt(place)]);
    if (this.#anchor === null) this.#begin(place);
    this.choice = ranged(this.#before, this.timeline.blocks ?? [], anchor, place);
  }

  toggleMonth(month: string | null): void {
    const whole = this.ofMonth(month) === 'all';
    this.choice = whole ? withoutMonth(this.choice, month) : withMonths(this.choice, [month]);
    this.#before = this.choice;
  }

  /** What a rectangle touches, beside what was chosen when it began. */
  sweep(before: Choice, photos: readonly Picked[]): void {
    this.choice = together(before, photos);
    this.#before = this.choice;
  }

  all(): void {
    const months = (this.timeline.blocks ?? []).map(({ month }) => month);
    this.choice = withMonths(NOTHING, months);
    this.#before = this.choice;
  }

  /** What was said is read. */
  dismiss(): void {
    this.broken = null;
    this.#say(null);
  }

  clear(): void {
    this.choice = NOTHING;
    this.#anchor = null;
    this.#before = NOTHING;
  }

  selection(): Selection {
    return selection(this.timeline.query, this.choice);
  }

  /**
   * What can be done with some photos: an entry here is one in the bar over the gallery and one in
   * the lightbox.
   */
  actions(of: () => Selection, many: () => number): Action[] {
    const { backend } = this.library;
    return [
      {
        key: 'copy',
        label: words.chosen.copy,
        glyph: 'copy',
        run: () => this.#do(async () => this.#copied(many(), await backend.copyFiles(of()))),
      },
      {
        key: 'save',
        label: words.chosen.saveAs,
        glyph: 'save',
        run: () => this.#do(() => this.#save(of())),
      },
      {
        key: 'folder',
        label: words.chosen.showInFolder,
        glyph: 'folder',
        run: () =>
          this.#do(async () =>
            (await backend.showInFolder(of())) ? null : words.chosen.nothingHere,
          ),
      },
      {
        key: 'upload',
        label: words.chosen.uploadNow,
        glyph: 'upload',
        run: () =>
          this.#do(async () => {
            await backend.uploadNow(of());
            return words.chosen.hurried(many());
          }),
      },
    ];
  }

  favour(of: Selection, favourite: boolean): void {
    this.#do(async () => {
      await this.library.backend.setFavourite(of, favourite);
      return null;
    });
  }

  #begin(place: Place): void {
    this.#anchor = place;
    this.#before = this.choice;
  }

  #copied(all: number, copied: number): Sentence {
    if (copied === 0) return words.chosen.nothingHere;
    return copied < all
      ? words.chosen.copiedSome(copied, all - copied)
      : words.chosen.copied(copied);
  }

  async #save(of: Selection): Promise<Sentence | null> {
    const into = await this.library.backend.pickFolder();
    if (into === null) return null;
    const { saved, already_there, failed } = await this.library.backend.saveOriginals(of, into);
    this.details = failed.map(({ name, reason }) => `${name}: ${reason.detail}`).join('\n');
    const parts: Sentence[] = [];
    if (saved > 0 || already_there + failed.length === 0) {
      parts.push(words.chosen.saved(saved, lastPart(into)));
    }
    if (already_there > 0) parts.push(words.chosen.alreadyThere(already_there));
    if (failed.length > 0) parts.push(words.chosen.notSaved(failed.length));
    return parts.reduce((sentence, part) => say`${sentence} ${part}`);
  }

  #do(work: () => Promise<Sentence | null>): void {
    this.busy = true;
    this.broken = null;
    this.details = '';
    work()
      .then((said) => this.#say(said))
      .catch((thrown: unknown) => {
        this.broken = failure(thrown);
      })
      .finally(() => {
        this.busy = false;
      });
  }

  #say(said: Sentence | null): void {
    clearTimeout(this.#saying);
    this.said = said;
    // With details it stands until it is read.
    if (said !== null && this.details === '') {
      this.#saying = setTimeout(() => {
        this.said = null;
      }, SAID_MS);
    }
  }
}
