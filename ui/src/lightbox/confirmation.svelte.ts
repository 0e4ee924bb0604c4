/**
 * What is asked about the copies of one photo: whether they are still there, and links to them.
 */

import type { LibraryState } from '../app/library.svelte';
import { failure } from '../backend/backend';
import type { Reason } from '../backend/types/Reason';
import { keep } from '../parts/clipboard';
import { secretOf } from '../storage/config';
import type { Secret } from '../words/causes';
import { LinkState } from './link.svelte';
import type { Viewer } from './viewer.svelte';

export class Confirmation {
  readonly link: LinkState;
  checking = $state<'no' | 'asking' | 'asked'>('no');

  constructor(
    private readonly library: LibraryState,
    private readonly viewer: Viewer,
    private readonly photo: number,
  ) {
    this.link = new LinkState(library.backend, keep);
  }

  /** What that place is shown. */
  secret(destination: number): Secret {
    const places = this.library.status?.destinations ?? [];
    return secretOf(places.find(({ id }) => id === destination)?.config);
  }

  /** Why this place has no more what it had; null: it is as it was. */
  gone(destination: number): Reason | null {
    const places = this.library.status?.destinations ?? [];
    const place = places.find(({ id }) => id === destination);
    return place?.gone ? place.reason : null;
  }

  /** A folder gives none. */
  givesLinks(destination: number): boolean {
    const places = this.library.status?.destinations ?? [];
    return places.some(({ id, config }) => id === destination && config.kind === 's3');
  }

  /** What comes of a photo that was left meanwhile is not for this one. */
  async checkNow(): Promise<void> {
    this.checking = 'asking';
    try {
      const detail = await this.library.backend.checkNow(this.photo);
      if (this.viewer.tile?.id !== this.photo) return;
      this.viewer.detail = detail;
      this.viewer.broken = null;
      this.checking = 'asked';
    } catch (thrown) {
      if (this.viewer.tile?.id !== this.photo) return;
      this.viewer.broken = failure(thrown);
      this.checking = 'no';
    }
  }
}
