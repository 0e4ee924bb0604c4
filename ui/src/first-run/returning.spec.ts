import { expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import { FirstRunState } from './first-run.svelte';
import type { Returning } from './returning.svelte';

interface Opened {
  readonly firstRun: FirstRunState;
  readonly returning: Returning;
  readonly backend: Fake;
  readonly library: LibraryState;
}

async function returned(): Promise<Opened> {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  const library = new LibraryState(backend);
  const firstRun = new FirstRunState(library);
  library.start();
  await vi.waitUntil(() => library.status);
  firstRun.see(library.status);
  firstRun.choices?.return();
  const returning = firstRun.choices?.returning;
  if (!returning) throw new Error('the page asks where the library is');
  return { firstRun, returning, backend, library };
}

async function counted(returning: Returning, bucket: string): Promise<void> {
  returning.draft.bucket = bucket;
  await returning.draft.test();
  await returning.look();
}

it('rebuilds only from a place where a library was found', async () => {
  const { returning } = await returned();
  expect(returning.canRebuild).toBe(false);
  await counted(returning, 'empty');
  expect(returning.survey?.library).toBe(false);
  expect(returning.canRebuild).toBe(false);
  await counted(returning, 'photos');
  expect(returning.survey?.photos).toBe(12_345);
  expect(returning.canRebuild).toBe(true);
  returning.draft.bucket = 'other';
  expect(returning.survey).toBeNull();
  expect(returning.canRebuild).toBe(false);
});

it('the page ends when the rebuild is under way, without a folder', async () => {
  const { firstRun, returning, library } = await returned();
  await counted(returning, 'photos');
  expect(await firstRun.start()).toBe(true);
  expect(firstRun.choices).toBeNull();
  expect(library.status?.destinations).toHaveLength(1);
  expect(library.status?.rebuild?.destination).toBe(library.status?.destinations[0]?.id);
});

it('a rebuild that did not begin is begun again, and the place is added once', async () => {
  const { firstRun, returning, backend, library } = await returned();
  await counted(returning, 'photos');
  const start = backend.startRebuild;
  backend.startRebuild = () => Promise.reject(new Failure('unreachable', 'gone'));
  expect(await firstRun.start()).toBe(false);
  expect(returning.broken?.code).toBe('unreachable');
  backend.startRebuild = start;
  expect(await firstRun.start()).toBe(true);
  expect(library.status?.destinations).toHaveLength(1);
});

it('what was typed stays when the page is told that there is a library, and that there is none', async () => {
  const { firstRun, returning } = await returned();
  const { choices } = firstRun;
  returning.draft.bucket = 'photos';
  if (!choices) throw new Error('the page stands');
  choices.returning = null;
  expect(choices.draft.bucket).toBe('photos');
  choices.return();
  expect(choices.returning).toMatchObject({ draft: { bucket: 'photos' } });
});
