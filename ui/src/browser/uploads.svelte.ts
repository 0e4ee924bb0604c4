/**
 * Files on their way into the gallery: some at a time, in the order in which they were dropped.
 *
 * **Invariant:** every file that was added is at last counted once: as stored, as there before, or as not
 * taken, with its reason.
 */

import { Failure, failure, type Sent } from '../backend/backend';
import { begun, ended, moved, type Tally } from './tally';

const AT_ONCE = 3;

export type Send = (file: File, moved: (bytes: number) => void) => Promise<Sent>;

interface Waiting {
  readonly file: File;
  readonly number: number;
}

export interface NotTaken {
  readonly name: string;
  readonly failure: Failure;
}

export class Uploads {
  tally = $state.raw<Tally | null>(null);
  notTaken = $state.raw<readonly NotTaken[]>([]);
  /** Nothing of what was dropped was a file. */
  nothing = $state(false);
  readonly under = $derived(this.tally !== null && this.tally.ended < this.tally.files);

  #waiting: Waiting[] = [];
  #running = 0;
  #numbers = 0;

  constructor(
    private readonly send: Send,
    private readonly now: () => number = Date.now,
  ) {}

  /** `unread`: names of what was dropped, and cannot be read. */
  add(files: readonly File[], unread: readonly string[] = []): void {
    this.nothing = files.length === 0 && unread.length === 0;
    if (this.nothing) return;
    if (!this.under) this.tally = begun(this.now());
    const lost = unread.map((name) => ({ name, failure: new Failure('file_unreadable', name) }));
    this.notTaken = [...this.notTaken, ...lost];
    for (const file of files) {
      this.#numbers += 1;
      this.#waiting.push({ file, number: this.#numbers });
    }
    this.#count((tally) => ({
      ...tally,
      files: tally.files + files.length,
      bytes: tally.bytes + files.reduce((sum, { size }) => sum + size, 0),
    }));
    while (this.#running < AT_ONCE && this.#waiting.length > 0) void this.#run();
  }

  dismiss(): void {
    this.nothing = false;
    if (!this.under) {
      this.tally = null;
      this.notTaken = [];
    }
  }

  async #run(): Promise<void> {
    this.#running += 1;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      await this.#one(next);
    this.#running -= 1;
  }

  async #one({ file, number }: Waiting): Promise<void> {
    const at = (bytes: number): void => {
      this.#count((tally) => moved(tally, number, Math.min(bytes, file.size), this.now()));
    };
    try {
      const { duplicate } = await this.send(file, at);
      this.#count((tally) => ({
        ...tally,
        stored: tally.stored + (duplicate ? 0 : 1),
        duplicates: tally.duplicates + (duplicate ? 1 : 0),
      }));
    } catch (thrown) {
      this.notTaken = [...this.notTaken, { name: file.name, failure: failure(thrown) }];
    }
    this.#count((tally) => ended(tally, number, file.size, this.now()));
  }

  #count(change: (tally: Tally) => Tally): void {
    if (this.tally) this.tally = change(this.tally);
  }
}
