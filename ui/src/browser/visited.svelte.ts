/** The gallery that a browser visits: how much of it is known, and whether somebody has to sign in. */

import {
  type Failure,
  failure,
  type Known,
  type Unsubscribe,
  type Visit,
} from '../backend/backend';
import { pauseBefore, youngFor } from './patience';

export class Visited {
  known = $state.raw<Known>({ photos: 0, coming: 0, state: 'reading', failure: null });
  /** Why the last token did not open it. */
  refused = $state.raw<'no' | 'another-token' | 'not-kept' | Failure>('no');
  signing = $state(false);
  /** Nothing goes up bit by bit into a tile, and nothing is saved bit by bit. */
  readonly progress: ReadonlyMap<number, number> = new Map();
  readonly saving = null;
  #readAt = 0;
  /** How long the last reading took, in milliseconds. */
  #took = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Reads in a row that left photos without metadata. */
  #waited = 0;
  /** It would have been read again, had somebody looked. */
  #due = false;

  /** `seen`: whether somebody has the page before them. */
  constructor(
    readonly backend: Visit,
    private readonly seen: () => boolean,
  ) {}

  start(): Unsubscribe {
    const end = this.backend.onKnown((known) => {
      this.known = known;
    });
    void this.read();
    return () => {
      end();
      clearTimeout(this.#again);
    };
  }

  onMonths(listener: (months: readonly (string | null)[]) => void): Unsubscribe {
    return this.backend.onMonths(listener);
  }

  async read(): Promise<void> {
    this.#readAt = Date.now();
    await this.backend.read();
    this.#lookAgain();
  }

  /** The page is seen again, or a while has gone. */
  lookedAt(): void {
    if (this.known.state === 'signed-out' || !this.seen()) return;
    if (this.#due || Date.now() - this.#readAt >= youngFor(this.#took)) void this.read();
  }

  async signIn(token: string): Promise<void> {
    this.signing = true;
    this.refused = 'no';
    this.#readAt = Date.now();
    try {
      await this.backend.signIn(token);
      // It was the right one, and is forgotten already.
      if (this.known.state === 'signed-out') this.refused = 'not-kept';
      this.#lookAgain();
    } catch (thrown) {
      const why = failure(thrown);
      this.refused = why.code === 'unauthorized' ? 'another-token' : why;
    } finally {
      this.signing = false;
    }
  }

  async signOut(): Promise<void> {
    this.refused = 'no';
    try {
      await this.backend.signOut();
    } catch (thrown) {
      // The session still stands: that has to be said.
      this.known = { ...this.known, state: 'broken', failure: failure(thrown) };
    }
  }

  /** Until all photos have their metadata. */
  #lookAgain(): void {
    this.#took = Date.now() - this.#readAt;
    this.#due = false;
    clearTimeout(this.#again);
    const { state, coming } = this.known;
    this.#waited = coming > 0 ? this.#waited + 1 : 0;
    if (state !== 'read' || coming === 0) return;
    this.#again = setTimeout(
      () => {
        if (this.seen()) void this.read();
        else this.#due = true;
      },
      pauseBefore(this.#waited, this.#took),
    );
  }
}
