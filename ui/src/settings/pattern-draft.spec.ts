import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { type Fake, fake } from '../backend/fake';
import type { PatternPreview } from '../backend/types/PatternPreview';
import { PatternDraft } from './pattern-draft.svelte';

let backend: Fake;
let library: LibraryState;

beforeEach(async () => {
  vi.useFakeTimers();
  backend = fake(new URLSearchParams());
  library = new LibraryState(backend);
  library.start();
  await vi.advanceTimersByTimeAsync(100);
});
afterEach(() => vi.useRealTimers());

it('begins with what holds, which need not be used again', async () => {
  const settings = await settled(backend.settings());
  const photos = { include: ['2019/'], exclude: ['*.png', 'Scans/'] };
  await settled(library.change({ ...settings, photos }));
  const draft = new PatternDraft(library, null);
  expect(draft.exclude).toBe('*.png\nScans/');
  expect(draft.inUse).toBe(true);
  draft.exclude += '\n\n';
  expect(draft.inUse).toBe(true);
  draft.exclude += 'x';
  expect(draft.usable).toBe(true);
});

it('an answer to what was typed before is not shown', async () => {
  const ends: ((preview: PatternPreview) => void)[] = [];
  backend.previewPatterns = () => new Promise((end) => ends.push(end));
  const draft = new PatternDraft(library, null);
  draft.exclude = 'a';
  draft.look();
  await vi.advanceTimersByTimeAsync(200);
  draft.exclude = 'ab';
  draft.look();
  await vi.advanceTimersByTimeAsync(200);
  ends[0]?.({ kind: 'wrong', pattern: 'a', detail: '' });
  await vi.advanceTimersByTimeAsync(1);
  expect(draft.preview).toBeNull();
  ends[1]?.({ kind: 'wrong', pattern: 'ab', detail: '' });
  await vi.advanceTimersByTimeAsync(1);
  expect(draft.preview?.kind).toBe('wrong');
  expect(draft.usable).toBe(false);
});

it('patterns of one folder are kept beside those of others, and go when there are none', async () => {
  const one = new PatternDraft(library, '/a');
  one.exclude = 'Scans/';
  expect(await settled(one.use())).toBe(true);
  const two = new PatternDraft(library, '/b');
  two.include = '2019/';
  await settled(two.use());
  expect(library.settings?.folder).toEqual([
    { path: '/a', include: [], exclude: ['Scans/'] },
    { path: '/b', include: ['2019/'], exclude: [] },
  ]);
  one.exclude = '';
  await settled(one.use());
  expect(library.settings?.folder.map(({ path }) => path)).toEqual(['/b']);
});

async function settled<T>(promise: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(100);
  return promise;
}
