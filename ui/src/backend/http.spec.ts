import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EVERYTHING } from '../photos/timeline.svelte';
import type { Known } from './backend';
import { http } from './http';

/** A server with these keys, `PAGE` at a time; `wants` a token or none. */
const PAGE = 500;
let keys: string[];
let wants: string | null;
let fails: number;
let asked: string[];
let cookie: boolean;
/** Whoever stands before it wants a pause of so many seconds. */
let pause: string | null;
/** Where addresses are signed for; null: the server has the pictures itself. */
let signed: string | null;

const thisYear = new Date().getFullYear();

function answer(url: URL, how: RequestInit): Response {
  asked.push(`${how.method ?? 'GET'} ${url.pathname}${url.search}`);
  if (pause !== null) {
    return new Response('slow down', { status: 429, headers: { 'Retry-After': pause } });
  }
  if (url.pathname.endsWith('/session')) {
    if (how.method === 'DELETE') {
      cookie = false;
      return new Response(null, { status: 204 });
    }
    const { token } = JSON.parse(String(how.body));
    if (token !== wants) return Response.json({ code: 'unauthorized' }, { status: 401 });
    cookie = true;
    return new Response(null, { status: 204 });
  }
  const bearer = new Headers(how.headers).get('authorization');
  if (wants !== null && !cookie && bearer !== `Bearer ${wants}`) {
    return Response.json({ code: 'unauthorized' }, { status: 401 });
  }
  if (fails > 0) {
    fails -= 1;
    return Response.json({ code: 'store_away' }, { status: 503 });
  }
  if (/[/](gallery|thumbs)[/]/.test(url.pathname)) return new Response('a picture');
  const { searchParams } = url;
  const only = searchParams.get('key');
  const after = searchParams.get('after') ?? '';
  const found = keys.filter((key) => (only === null ? key > after : key === only)).sort();
  const page = found.slice(0, PAGE);
  const beyond = encodeURIComponent(page.at(-1) ?? '');
  const headers: Record<string, string> =
    found.length > PAGE ? { Link: `<?limit=${PAGE}&after=${beyond}>; rel="next"` } : {};
  const photos = page.filter((key) => !key.endsWith('.txt'));
  return Response.json(
    photos.map((key) => ({
      key,
      src: signed === null ? `gallery/${key}` : `${signed}/${key}?X-Amz-Signature=1`,
      thumb: `thumbs/${key}.webp`,
      meta: '4x3',
      taken_at: `${key.slice(0, 4)}-${key.slice(5, 7)}-01T00:00:00`,
      metadata: { schema: 'imgn/1', title: key },
    })),
    { headers },
  );
}

function remembering() {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  };
}

function visiting(elsewhere = false) {
  const memories = { tab: remembering(), person: remembering() };
  const visit = http({ base: new URL('http://nas/Prod/'), elsewhere }, memories);
  let known: Known | null = null;
  visit.onKnown((now) => {
    known = now;
  });
  return { visit, memories, known: () => known };
}

beforeEach(() => {
  keys = [`${thisYear}/01/new.jpg`, `${thisYear - 1}/05/b.jpg`, '2004/03/old.jpg', 'undated/x.jpg'];
  wants = null;
  signed = null;
  fails = 0;
  pause = null;
  asked = [];
  cookie = false;
  vi.stubGlobal('fetch', async (url: URL, how: RequestInit) => answer(new URL(url), how));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('the list is read by pages, below the stage, and each photo once', async () => {
  keys = Array.from({ length: 1_203 }, (_, nth) => `2010/05/${String(nth).padStart(5, '0')}.jpg`);
  const { visit, known } = visiting();
  await visit.read();
  expect(known()).toMatchObject({ photos: 1_203, state: 'read' });
  expect(await visit.sections(EVERYTHING)).toEqual([{ month: '2010-05', count: 1_203 }]);
  expect(asked.every((one) => one.startsWith('GET /Prod/gallery?limit=500'))).toBe(true);
});

it('a page without any photo is not the end of the list', async () => {
  const notes = Array.from({ length: 1_100 }, (_, nth) => `2011/a & b+c/${1_000 + nth}.txt`);
  keys = ['2010/05/first.jpg', ...notes, '2012/05/last.jpg'];
  const { visit, known } = visiting();
  await visit.read();
  expect(known()).toMatchObject({ photos: 2, state: 'read' });
  await visit.read();
  expect(known()).toMatchObject({ photos: 2, state: 'read' });
});

it('this year is there before the rest', async () => {
  const { visit } = visiting();
  const seen: (string | null)[][] = [];
  visit.onMonths((months) => seen.push([...months]));
  await visit.read();
  expect(seen[0]).toContain(`${thisYear}-01`);
  expect(seen.at(-1)).toEqual(['2004-03']);
});

it('what is gone from the gallery is gone from the page when it is read again', async () => {
  const { visit, known } = visiting();
  await visit.read();
  keys = keys.slice(1);
  await visit.read();
  expect(known()).toMatchObject({ photos: 3, state: 'read' });
});

it('a page that does not come is asked for again, and what does not come at all is said', async () => {
  vi.useFakeTimers();
  const { visit, known } = visiting();
  fails = 2;
  const reading = visit.read();
  await vi.runAllTimersAsync();
  await reading;
  expect(known()).toMatchObject({ photos: 4, state: 'read' });
  fails = 99;
  const again = visit.read();
  await vi.runAllTimersAsync();
  await again;
  expect(known()).toMatchObject({ photos: 4, state: 'broken', failure: { code: 'busy' } });
});

it('who signs in too often is told how long to wait', async () => {
  wants = 'right';
  const { visit } = visiting();
  await visit.read();
  pause = '30';
  await expect(visit.signIn('wrong')).rejects.toMatchObject({ code: 'busy', seconds: 30 });
  pause = null;
  await visit.signIn('right');
});

it('a short pause is kept, a long one is said', async () => {
  vi.useFakeTimers();
  const { visit, known } = visiting();
  pause = '7';
  const reading = visit.read();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(asked).toHaveLength(1);
  pause = null;
  await vi.runAllTimersAsync();
  await reading;
  expect(known()).toMatchObject({ photos: 4, state: 'read' });
  pause = '600';
  await visit.read();
  expect(known()).toMatchObject({ state: 'broken', failure: { seconds: 600 } });
});

it('who has no session signs in, and goes on', async () => {
  wants = 'right';
  const { visit, known, memories } = visiting();
  await visit.read();
  expect(known()).toMatchObject({ state: 'signed-out' });
  await expect(visit.signIn('wrong')).rejects.toMatchObject({ code: 'unauthorized' });
  await visit.signIn('right');
  expect(known()).toMatchObject({ photos: 4, state: 'read' });
  expect(visit.signedIn()).toBe(true);
  expect([...memories.tab.held.values(), ...memories.person.held.values()]).not.toContain('right');
  await visit.signOut();
  expect(known()).toMatchObject({ photos: 0, state: 'signed-out' });
  expect(visit.signedIn()).toBe(false);
});

it('a reading that is under way when somebody signs out shows nothing afterwards', async () => {
  wants = 'right';
  const { visit, known } = visiting();
  await visit.signIn('right');
  const answers: (() => void)[] = [];
  vi.stubGlobal('fetch', (url: URL, how: RequestInit) => {
    const said = answer(new URL(url), how);
    if (how.method === 'DELETE' || answers.length > 0) return Promise.resolve(said);
    return new Promise((resolve) => answers.push(() => resolve(said)));
  });
  const reading = visit.read();
  const out = visit.signOut();
  await new Promise((resolve) => setTimeout(resolve));
  answers[0]?.();
  await Promise.all([reading, out]);
  expect(known()).toMatchObject({ photos: 0, state: 'signed-out' });
  expect(await visit.sections(EVERYTHING)).toEqual([]);
});

it('elsewhere the token is kept for the tab, and no longer', async () => {
  wants = 'right';
  const { visit, memories } = visiting(true);
  await expect(visit.signIn('wrong')).rejects.toMatchObject({ code: 'unauthorized' });
  expect(memories.tab.held.size).toBe(0);
  await visit.signIn('right');
  expect(memories.tab.held.get('imgn-token')).toBe('right');
  expect([...memories.person.held.values()]).not.toContain('right');
  await visit.signOut();
  expect(memories.tab.held.size).toBe(0);
});

it('a photo that is looked at is asked for anew', async () => {
  const { visit } = visiting();
  await visit.read();
  const [tile] = await visit.tiles(EVERYTHING, '2004-03', null, 1);
  expect((await visit.photo(tile?.id ?? 0)).title).toBe('2004/03/old.jpg');
  expect(asked.at(-1)).toBe('GET /Prod/gallery?key=2004%2F03%2Fold.jpg');
});

it('elsewhere the pictures of a server are brought with the token, and gone when one signs out', async () => {
  wants = 'right';
  const { visit } = visiting(true);
  await visit.signIn('right');
  const [tile] = await visit.tiles(EVERYTHING, `${thisYear}-01`, null, 1);
  const id = tile?.id ?? 0;
  expect(visit.thumbUrl(id, '')).toBeNull();
  const shown = await vi.waitUntil(() => visit.thumbUrl(id, ''));
  expect(shown).toMatch(/^blob:/);
  expect(asked.filter((one) => one.includes('/thumbs/'))).toHaveLength(1);
  expect(await visit.original(id)).toBeInstanceOf(Blob);

  await visit.signOut();
  await expect(fetch(shown)).rejects.toThrow();
});

it('an address that is signed is the browser’s to ask, and is shown no token', async () => {
  signed = 'https://bucket.example';
  const { visit } = visiting(true);
  await visit.read();
  const [tile] = await visit.tiles(EVERYTHING, `${thisYear}-01`, null, 1);
  expect(visit.originalUrl(tile?.id ?? 0)).toMatch(/^https:[/][/]bucket[.]example[/]/);
});

it('beside its own page a picture is where the list says', async () => {
  const { visit } = visiting();
  await visit.read();
  const [tile] = await visit.tiles(EVERYTHING, `${thisYear}-01`, null, 1);
  const at = `http://nas/Prod/gallery/${thisYear}/01/new.jpg`;
  expect(visit.originalUrl(tile?.id ?? 0)).toBe(at);
  expect(await visit.original(tile?.id ?? 0)).toBe(at);
});

it('a picture that did not come is asked for again once the list can be had', async () => {
  const { visit } = visiting(true);
  await visit.read();
  const [tile] = await visit.tiles(EVERYTHING, `${thisYear}-01`, null, 1);
  const id = tile?.id ?? 0;
  fails = 1;
  expect(visit.thumbUrl(id, '')).toBeNull();
  await vi.waitUntil(() => fails === 0);
  expect(visit.thumbUrl(id, '')).toBeNull();
  await visit.read();
  expect(await vi.waitUntil(() => visit.thumbUrl(id, ''))).toMatch(/^blob:/);
});
