/**
 * The photos that are chosen in the gallery, and what is done with them.
 *
 * A choice belongs to the query it was made under, and ends with it.
 */

import { type Failure, failure } from '../backend/backend';
import type { Selection } from '../backend/types/Selection';
import type { Tile } from '../backend/types/Tile';
import type { Glyph } from '../parts/glyph';
import type { Place } from '../photos/places';
import type { Timeline } from '../photos/timeline.svelte';
import type { Sentence } from '../words/sentence';
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
import type { Deed, Deeds, Outcome } from './deeds';

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
    private readonly deeds: Deeds,
    private readonly timeline: Timeline,
  ) {}

  /** Whether photos can be made favourites here. */
  get favours(): boolean {
    return this.deeds.favour !== null;
  }

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

  /** What can be done with the photos that are chosen, in the bar over the gallery. */
  actions(): Action[] {
    return this.deeds.all().map((deed) =>
      this.#action(
        deed,
        () => this.selection(),
        () => this.count,
      ),
    );
  }

  /** The same with one photo, in the lightbox. */
  actionsOfOne(of: () => Selection): Action[] {
    const deeds = this.deeds.all().filter(({ scope }) => scope !== 'several');
    return deeds.map((deed) => this.#action(deed, of, () => 1));
  }

  favour(of: Selection, favourite: boolean): void {
    const { favour } = this.deeds;
    if (favour === null) return;
    this.#do(async () => {
      await favour(of, favourite);
      return { said: null };
    });
  }

  #action(deed: Deed, of: () => Selection, many: () => number): Action {
    const { key, label, glyph, meanwhile = null, run } = deed;
    return { key, label, glyph, run: () => this.#do(() => run(of(), many()), meanwhile) };
  }

  #begin(place: Place): void {
    this.#anchor = place;
    this.#before = this.choice;
  }

  #do(work: () => Promise<Outcome>, meanwhile: Sentence | null = null): void {
    this.busy = true;
    this.broken = null;
    this.details = '';
    if (meanwhile !== null) this.#say(meanwhile, 'until dismissed');
    work()
      .then(({ said, details = '', stands }) => {
        this.details = details;
        // With details it stands until it is read.
        this.#say(said, details === '' ? stands : 'until dismissed');
      })
      .catch((thrown: unknown) => {
        this.#say(null);
        this.broken = failure(thrown);
      })
      .finally(() => {
        this.busy = false;
      });
  }

  #say(said: Sentence | null, stands?: Outcome['stands']): void {
    clearTimeout(this.#saying);
    this.said = said;
    if (said !== null && stands === undefined) {
      this.#saying = setTimeout(() => {
        this.said = null;
      }, SAID_MS);
    }
  }
}
