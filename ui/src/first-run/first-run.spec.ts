import { expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import type { Choices } from './choices.svelte';
import { FirstRunState } from './first-run.svelte';

interface Opened {
  readonly firstRun: FirstRunState;
  readonly choices: Choices;
  readonly backend: Fake;
  readonly library: LibraryState;
}

/** The page as the window opens it, every change of the library seen at once. */
async function opened(): Promise<Opened> {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  const library = new LibraryState(backend);
  const firstRun = new FirstRunState(library);
  library.start();
  backend.onEvent(() => firstRun.see(library.status));
  await vi.waitUntil(() => library.status);
  firstRun.see(library.status);
  const choices = firstRun.choices;
  if (!choices) throw new Error('the page stands');
  await vi.waitUntil(() => choices.candidates.some(({ preview }) => preview !== null));
  return { firstRun, choices, backend, library };
}

async function describePlace(choices: Choices): Promise<void> {
  choices.draft.bucket = 'photos';
  choices.draft.accessKeyId = 'mara';
  choices.draft.secretAccessKey = 'secret';
  await choices.draft.test();
}

it('stands until everything chosen is under way', async () => {
  const { firstRun, choices, library } = await opened();
  await describePlace(choices);
  expect(await firstRun.start()).toBe(true);
  expect(firstRun.choices).toBeNull();
  expect(library.status?.destinations).toHaveLength(1);
  expect(library.status?.folders.filter(({ managed }) => !managed)).toHaveLength(1);
});

it('a place that cannot be added is said on the page, and nothing is watched without it', async () => {
  const { firstRun, choices, backend, library } = await opened();
  await describePlace(choices);
  backend.addDestination = () => Promise.reject(new Failure('forbidden', '403'));
  expect(await firstRun.start()).toBe(false);
  expect(firstRun.choices).toBe(choices);
  expect(choices.broken?.code).toBe('forbidden');
  expect(choices.watched).toEqual([]);
  expect(library.status?.first_run).toBe(true);
});

it('a folder that cannot be watched is said on its line, though the place is there', async () => {
  const { firstRun, choices, backend, library } = await opened();
  await describePlace(choices);
  const addFolder = backend.addFolder;
  backend.addFolder = () => Promise.reject(new Failure('folder_inside_destination', 'inside'));
  expect(await firstRun.start()).toBe(false);
  expect(library.status?.first_run).toBe(false);
  expect(firstRun.choices).toBe(choices);
  expect(choices.folders[0]?.broken?.code).toBe('folder_inside_destination');

  backend.addFolder = addFolder;
  expect(await firstRun.start()).toBe(true);
  expect(library.status?.destinations).toHaveLength(1);
});

it('a folder dropped on the page leaves what was typed', async () => {
  const { firstRun, choices, backend, library } = await opened();
  choices.draft.endpoint = 'https://minio.home:9000';
  choices.draft.secretAccessKey = 'secret';
  await backend.addFolder('/home/mara/Holiday 2024');
  expect(library.status?.first_run).toBe(false);
  expect(firstRun.choices?.draft.endpoint).toBe('https://minio.home:9000');
  expect(firstRun.choices?.draft.secretAccessKey).toBe('secret');
});

it('does not come back by itself, but for a library without any folder and place', async () => {
  const { firstRun, choices, library } = await opened();
  await describePlace(choices);
  const before = library.status;
  await firstRun.start();
  firstRun.see(library.status);
  expect(firstRun.choices).toBeNull();
  firstRun.see(before);
  expect(firstRun.choices).not.toBeNull();
});
