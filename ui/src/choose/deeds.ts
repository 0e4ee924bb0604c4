/** What can be done with photos where they are shown: another set in the window than in a browser. */

import type { Selection } from '../backend/types/Selection';
import type { Glyph } from '../parts/glyph';
import type { Sentence } from '../words/sentence';

/** How a deed ended; a null sentence says nothing. */
export interface Outcome {
  readonly said: Sentence | null;
  /** The technical text behind it; with one, it stands until it is read. */
  readonly details?: string;
  /** How long it stands: a while, unless it says otherwise. */
  readonly stands?: 'until dismissed';
}

/** One thing that can be done with some photos. */
export interface Deed {
  readonly key: string;
  readonly label: string;
  readonly glyph: Glyph;
  /** What is said while it is done; without one it is done at once. */
  readonly meanwhile?: Sentence;
  /** Not in the lightbox, where one photo has a way of its own to it. */
  readonly scope?: 'several';
  /** `many`: how many photos the selection stands for. */
  readonly run: (selection: Selection, many: number) => Promise<Outcome>;
}

export interface Deeds {
  /** Asked each time that they are shown: labels follow the language. */
  all(): readonly Deed[];
  /** None: here nothing is made a favourite. */
  readonly favour: ((selection: Selection, favourite: boolean) => Promise<void>) | null;
}
