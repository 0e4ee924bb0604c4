/** The gallery that a browser visits: how much of it is known, and whether somebody has to sign in. */

import { failure, type Known, type Unsubscribe, type Visit } from '../backend/backend';
import { pauseBefore } from './patience';

/** Who comes back to the page later than this sees what came meanwhile. */
const OLD_MS = 60_000;

export class Visited {
  known = $state.raw<Known>({ photos: 0, coming: 0, state: 'reading', failure: null });
  /** Why the last token did not open it. */
  refused = $state<'no' | 'another-token' | 'unreachable'>('no');
  signing = $state(false);
  /** Nothing goes up bit by bit into a tile, and nothing is saved bit by bit. */
  readonly progress: ReadonlyMap<number, number> = new Map();
  readonly saving = null;
  #readAt = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Reads in a row that left photos without metadata. */
  #waited = 0;

  constructor(readonly backend: Visit) {}

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
    clearTimeout(this.#again);
    const { state, coming } = this.known;
    this.#waited = coming > 0 ? this.#waited + 1 : 0;
    if (state !== 'read' || coming === 0) return;
    const wait = pauseBefore(this.#waited, Date.now() - this.#readAt);
    this.#again = setTimeout(() => void this.read(), wait);
  }

  /** The page is seen again, or a while has gone. */
  lookedAt(): void {
    if (this.known.state === 'signed-out' || Date.now() - this.#readAt < OLD_MS) return;
    void this.read();
  }

  async signIn(token: string): Promise<void> {
    this.signing = true;
    this.refused = 'no';
    try {
      await this.backend.signIn(token);
    } catch (thrown) {
      this.refused = failure(thrown).code === 'unauthorized' ? 'another-token' : 'unreachable';
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
}
