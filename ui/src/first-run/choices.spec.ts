import { expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import { Choices } from './choices.svelte';

async function asked(): Promise<{ choices: Choices; backend: Fake; library: LibraryState }> {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  const library = new LibraryState(backend);
  await library.refresh();
  const choices = new Choices(library);
  await choices.suggest();
  await vi.waitUntil(() => choices.candidates.every(({ preview }) => preview !== null));
  return { choices, backend, library };
}

it('starts only with a folder and a place that was seen working', async () => {
  const { choices } = await asked();
  expect(choices.canStart).toBe(false);
  choices.draft.bucket = 'photos';
  await choices.draft.test();
  expect(choices.canStart).toBe(true);
  for (const candidate of choices.candidates) candidate.chosen = false;
  expect(choices.canStart).toBe(false);
});

it('a folder that is refused is not taken', async () => {
  const { choices, backend } = await asked();
  backend.pickFolder = () => Promise.resolve('/refused');
  await choices.another();
  const [, refused] = choices.candidates;
  await vi.waitUntil(() => refused?.preview);
  expect(choices.folders.map(({ path }) => path)).toEqual(['/home/mara/Pictures']);
});

it('a start that failed half-way can be repeated', async () => {
  const { choices, backend, library } = await asked();
  choices.draft.bucket = 'photos';
  await choices.draft.test();
  const add = backend.addDestination;
  backend.addDestination = () => Promise.reject(new Failure('unreachable', 'gone'));
  expect(await choices.start()).toBe(false);
  expect(choices.broken?.code).toBe('unreachable');
  backend.addDestination = add;
  backend.addFolder = () => Promise.reject(new Failure('folder_already_watched', 'again'));
  expect(await choices.start()).toBe(true);
  await library.refresh();
  expect(library.status?.first_run).toBe(false);
});

it('a folder dropped on the page counts', async () => {
  const { choices, backend, library } = await asked();
  for (const candidate of choices.candidates) candidate.chosen = false;
  expect(choices.hasFolder).toBe(false);
  await backend.addFolder('/home/mara/Holiday 2024');
  await library.refresh();
  expect(choices.hasFolder).toBe(true);
});
