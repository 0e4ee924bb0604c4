/**
 * The gallery behind the HTTP API of an `imgn-server` or of functions.
 *
 * The list comes in pages, and is shown as it comes, newest years first; it is read anew when somebody looks
 * at the page again, and before the addresses in it lose their signatures.
 */

import {
  type Failure,
  failure,
  type Known,
  type Sent,
  TooOften,
  type Unsubscribe,
  type Visit,
} from './backend';
import { Api, type Memory } from './http/api';
import { Catalogue } from './http/catalogue';
import type { Place } from './http/config';
import { meaningOf } from './http/dates';
import { detailOf, type Entry, entryOf } from './http/entry';
import { Pictures } from './http/pictures.svelte';
import { Sender } from './http/send';
import { isBefore, type Stretch, stretches } from './http/stretches';
import type { PhotoDetail } from './types/PhotoDetail';

const PAGE = 500;
/** A page that did not come is asked for again after so long. */
const AGAIN_MS = [500, 2_000, 5_000] as const;
/** The longest pause that somebody may ask for, and is then asked again without a word. */
const PAUSE_MS = 10_000;
/** When a new photo is looked at again, until its metadata was read. */
const LOOK_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000] as const;
const SIGNED_IN = 'imgn-signed-in';

/** What a browser remembers: of a tab, and of its person. */
export interface Memories {
  readonly tab: Memory;
  readonly person: Memory;
}

export function http(place: Place, memories: Memories): Visit {
  const api = new Api(place, memories.tab);
  const catalogue = new Catalogue();
  const sender = new Sender(api);
  const pictures = new Pictures(api);
  const remembered = place.elsewhere ? memories.tab : memories.person;
  const knownListeners = new Set<(known: Known) => void>();
  const monthsListeners = new Set<(months: readonly (string | null)[]) => void>();
  let state: Known['state'] = 'reading';
  let broken: Failure | null = null;
  let reading: Promise<void> | null = null;
  /** Settled when there is something to show, or nothing to wait for. */
  let first = settling();

  function tell(): void {
    const known = { photos: catalogue.size, coming: catalogue.coming, state, failure: broken };
    for (const listener of knownListeners) listener(known);
  }

  function changed(months: ReadonlySet<string | null>): void {
    if (months.size === 0) return;
    for (const listener of monthsListeners) listener([...months]);
  }

  function end(next: Known['state'], why: Failure | null): void {
    state = next;
    broken = why;
    first.settle();
    tell();
  }

  /** `next` is where the page after it begins: a page may hold no photo, and yet not be the last. */
  async function list(query: string): Promise<{ entries: Entry[]; next: string | null }> {
    const answer = await api.get(`gallery?${query}`);
    const listed: unknown = await answer.json();
    const found = Array.isArray(listed) ? listed : [];
    const entries = found.flatMap((one) => entryOf(one, place.base) ?? []);
    return { entries, next: nextOf(answer.headers.get('link') ?? '', entries.at(-1)?.key ?? null) };
  }

  async function patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (const pause of AGAIN_MS) {
      try {
        return await ask();
      } catch (thrown) {
        const why = failure(thrown);
        const wanted = why instanceof TooOften ? (why.seconds ?? 0) * 1_000 : 0;
        const passes = why.code === 'unreachable' || why.code === 'busy';
        if (!passes || wanted > PAUSE_MS) throw thrown;
        await rest(Math.max(pause, wanted));
      }
    }
    return ask();
  }

  async function readStretch({ after, before }: Stretch, seen: Set<string>): Promise<void> {
    let from = after;
    for (;;) {
      const asked = new URLSearchParams({ limit: String(PAGE) });
      if (from !== null) asked.set('after', from);
      const { entries, next } = await patiently(() => list(asked.toString()));
      const within = entries.filter(({ key }) => before === null || isBefore(key, before));
      for (const { key } of within) seen.add(key);
      changed(catalogue.take(within));
      tell();
      if (next === null || next === from || within.length < entries.length) return;
      if (before !== null && !isBefore(next, before)) return;
      from = next;
    }
  }

  async function readAll(): Promise<void> {
    if (state !== 'read') state = 'reading';
    broken = null;
    tell();
    const seen = new Set<string>();
    const begun = new Set(catalogue.keys());
    try {
      for (const stretch of stretches(new Date().getFullYear())) {
        await readStretch(stretch, seen);
        if (catalogue.size > 0) first.settle();
      }
      // What came while it was read is not in it.
      for (const key of catalogue.keys()) if (!begun.has(key)) seen.add(key);
      changed(catalogue.keepOnly(seen));
      pictures.again();
      end('read', null);
    } catch (thrown) {
      const why = failure(thrown);
      end(why.code === 'unauthorized' ? 'signed-out' : 'broken', why);
    }
  }

  function read(): Promise<void> {
    reading ??= readAll().finally(() => {
      reading = null;
    });
    return reading;
  }

  /** Looks at a new photo until its metadata is there. */
  async function follow(key: string): Promise<void> {
    for (const pause of [0, ...LOOK_MS]) {
      await rest(pause);
      const found = await one(key).catch(() => null);
      if (found === null) continue;
      changed(catalogue.take([found.entry]));
      tell();
      if (found.entry.extracted) return;
    }
  }

  /** Older services list it only among the others. */
  async function one(key: string): Promise<{ entry: Entry; listed: unknown } | null> {
    const answer = await api.get(`gallery?${new URLSearchParams({ key })}`);
    const listed: unknown = await answer.json();
    for (const single of Array.isArray(listed) ? listed : []) {
      const entry = entryOf(single, place.base);
      if (entry?.key === key) return { entry, listed: single };
    }
    return null;
  }

  function required(id: number): Entry {
    const entry = catalogue.entry(id);
    if (!entry) throw failure(`there is no photo ${id}`);
    return entry;
  }

  return {
    async sections(query) {
      await first.settled;
      return catalogue.sections(query);
    },
    tiles: async (query, month, after, limit) => catalogue.tiles(query, month, after, limit),
    meaning: async (text) => meaningOf(text),

    async photo(id): Promise<PhotoDetail> {
      const known = required(id);
      const found = await one(known.key);
      if (found) changed(catalogue.take([found.entry]));
      return detailOf(id, found?.entry ?? known, found?.listed);
    },

    thumbUrl(id) {
      const at = catalogue.entry(id)?.thumb ?? null;
      return at === null ? null : pictures.shown(at, 'thumb');
    },
    // What is still to be extracted has no picture of any kind there.
    firstPaintUrl: () => null,
    originalUrl(id) {
      const at = catalogue.entry(id)?.src ?? null;
      return at === null ? null : pictures.shown(at, 'original');
    },
    async original(id) {
      const { src } = required(id);
      const beside = !place.elsewhere && new URL(src).origin === place.base.origin;
      return beside ? src : api.bytes(src);
    },
    nameOf: (id) => required(id).name,
    chosen: (selection) => catalogue.chosen(selection),

    read,

    async signIn(token) {
      await api.signIn(token);
      remembered.setItem(SIGNED_IN, 'yes');
      // What was asked before does not say whether one is signed in now.
      await reading;
      await read();
    },

    async signOut() {
      await api.signOut();
      remembered.removeItem(SIGNED_IN);
      // What it still got would stand there again.
      await reading;
      changed(catalogue.clear());
      pictures.forget();
      first = settling();
      await read();
    },

    lasts: place.elsewhere ? 'tab' : 'days',
    signedIn: () => remembered.getItem(SIGNED_IN) !== null,

    async send(file, moved): Promise<Sent> {
      try {
        const sent = await sender.send(file, moved);
        void follow(sent.key);
        return sent;
      } catch (thrown) {
        const why = failure(thrown);
        if (why.code === 'unauthorized') end('signed-out', why);
        throw why;
      }
    },

    onKnown: (listener): Unsubscribe => subscribed(knownListeners, listener),
    onMonths: (listener): Unsubscribe => subscribed(monthsListeners, listener),
  };
}

/** Where a list goes on by its `Link`; by its last key where a service only says that there is more. */
function nextOf(link: string, last: string | null): string | null {
  const said = /<[^>]*[?&]after=([^&>]*)[^>]*>\s*;\s*rel="?next"?/.exec(link)?.[1];
  if (said !== undefined) return decodeURIComponent(said);
  return /rel="?next"?/.test(link) ? last : null;
}

function subscribed<T>(listeners: Set<T>, listener: T): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function settling(): { readonly settled: Promise<void>; settle(): void } {
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { settled, settle: () => settle() };
}

function rest(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
