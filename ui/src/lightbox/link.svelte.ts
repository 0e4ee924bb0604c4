/**
 * A link to the photo that is looked at, on its way to the clipboard.
 */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { PhotoLink } from '../backend/types/PhotoLink';

export type Linking = { readonly destination: number } & (
  | { readonly kind: 'asking' }
  | { readonly kind: 'copied'; readonly link: PhotoLink }
  /** The clipboard refused it. */
  | { readonly kind: 'shown'; readonly link: PhotoLink }
  | { readonly kind: 'failed'; readonly failure: Failure }
);

export const LASTING = { hour: 3_600, day: 86_400, week: 7 * 86_400 } as const;

export class LinkState {
  outcome = $state.raw<Linking | null>(null);
  #asked = 0;

  constructor(
    private readonly backend: Backend,
    /** Puts a text that is still to come on the clipboard. */
    private readonly keep: (text: Promise<string>) => Promise<void>,
  ) {}

  /** What comes of a photo that was left meanwhile is not for this one. */
  forget(): void {
    this.#asked += 1;
    this.outcome = null;
  }

  async ask(photo: number, destination: number, seconds: number): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.outcome = { destination, kind: 'asking' };
    const made = this.backend.link(photo, destination, seconds);
    const kept = this.keep(made.then(({ url }) => url)).then(
      () => true,
      () => false,
    );
    let outcome: Linking;
    try {
      const link = await made;
      outcome = { destination, kind: (await kept) ? 'copied' : 'shown', link };
    } catch (thrown) {
      outcome = { destination, kind: 'failed', failure: failure(thrown) };
    }
    if (this.#asked === asked) this.outcome = outcome;
  }
}
