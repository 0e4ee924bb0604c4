import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import { DropState } from './drop.svelte';

const folder = ['/home/mara/Holiday 2024'];
let backend: Fake;
let drop: DropState;

beforeEach(() => {
  vi.stubGlobal('window', { innerWidth: 1000 });
  backend = fake(new URLSearchParams());
  drop = new DropState(backend);
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
