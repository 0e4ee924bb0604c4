import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import type { DropReport } from '../backend/types/DropReport';
import { DropState } from './drop.svelte';

const folder = ['/home/mara/Holiday 2024'];
let backend: Fake;
let library: LibraryState;
let drop: DropState;

beforeEach(() => {
  vi.stubGlobal('window', { innerWidth: 1000 });
  backend = fake(new URLSearchParams());
  library = new LibraryState(backend);
  library.start();
  drop = new DropState(library);
  drop.start();
});
afterEach(() => vi.unstubAllGlobals());

it('what is held is planned, and the target under the pointer is marked', async () => {
  backend.drag({ type: 'enter', paths: folder, x: 900, y: 10 });
  await vi.waitUntil(() => drop.over?.plan);
  expect(drop.over?.choice).toBe('copy');
  backend.drag({ type: 'over', x: 100, y: 10 });
  expect(drop.over?.choice).toBe('watch');
  backend.drag({ type: 'leave' });
  expect(drop.over).toBeNull();
});

it('a drop that is quicker than its plan still does what the place says', async () => {
  backend.drag({ type: 'enter', paths: folder, x: 100, y: 10 });
  backend.drag({ type: 'drop', paths: folder, x: 100, y: 10 });
  expect(drop.over).toBeNull();
  await vi.waitUntil(() => drop.outcome?.kind === 'done');
  expect(drop.outcome?.kind === 'done' && drop.outcome.report.watched).toEqual(folder);
});

it('a plan that cannot be made is said, and a drop that fails is reported', async () => {
  const no = (): Promise<never> => Promise.reject(new Failure('disk_full', 'no room'));
  Object.assign(backend, { planDrop: no, dropPaths: no });
  backend.drag({ type: 'enter', paths: folder, x: 100, y: 10 });
  await vi.waitUntil(() => drop.over?.failure);
  backend.drag({ type: 'drop', paths: folder, x: 100, y: 10 });
  await vi.waitUntil(() => drop.outcome?.kind === 'failed');
  expect(drop.outcome?.kind === 'failed' && drop.outcome.failure.code).toBe('disk_full');
});

it('a drop is seen to be taken in before its plan is known, then as far as it is', async () => {
  const ends: ((report: DropReport) => void)[] = [];
  backend.planDrop = () => Promise.reject(new Failure('internal', 'slow'));
  backend.dropPaths = () => new Promise((resolve) => ends.push(resolve));
  backend.drag({ type: 'enter', paths: folder, x: 100, y: 10 });
  backend.drag({ type: 'drop', paths: folder, x: 100, y: 10 });
  expect(drop.outcome?.kind).toBe('working');
  expect(drop.copying).toBeNull();

  await vi.waitUntil(() => ends.length > 0);
  backend.emit({ type: 'copying', done: 3, total: 38 });
  expect(drop.copying).toEqual({ done: 3, total: 38 });
  ends[0]?.({
    copied: 38,
    already_here: 0,
    watched: [],
    videos: 0,
    not_photos: 0,
    excluded: 0,
    failed: [],
  });
  await vi.waitUntil(() => drop.outcome?.kind === 'done');
  expect(drop.copying).toBeNull();
});

it('a copying that breaks off is not said for ever', async () => {
  const breaks: ((thrown: Failure) => void)[] = [];
  backend.dropPaths = () => new Promise((_, reject) => breaks.push(reject));
  const taken = drop.take(folder, 'copy');
  backend.emit({ type: 'copying', done: 3, total: 38 });
  breaks[0]?.(new Failure('disk_full', 'no room'));
  await taken;
  expect(drop.outcome?.kind).toBe('failed');
  expect(library.copying).toBeNull();
});

it('what was pasted is reported like a drop, and so is that there was nothing', async () => {
  await drop.paste();
  expect(drop.outcome).toEqual({ kind: 'nothing' });
  const report = await backend.dropPaths(['/a.jpg'], 'copy');
  backend.paste = () => Promise.resolve(report);
  await drop.paste();
  expect(drop.outcome).toEqual({ kind: 'done', report });
});
