import { expect, it, vi } from 'vitest';
import { Failure } from '../backend/backend';
import { fake } from '../backend/fake';
import type { Status } from '../backend/types/Status';
import type { Transfer } from '../backend/types/Transfer';
import { LibraryState } from './library.svelte';

function transfer(photo: number, sent: number): Transfer {
  return {
    photo,
    name: 'a.jpg',
    thumb: null,
    destination: 1,
    destination_name: 'nas',
    sent,
    size: 100,
    bytes_per_second: 10,
  };
}

it('follows the library until it is told to stop', async () => {
  const backend = fake(new URLSearchParams());
  const library = new LibraryState(backend);
  const stop = library.start();
  await vi.waitUntil(() => library.status);
  await backend.pause({ until: null });
  expect(library.status?.pause).toEqual({ until: null });
  stop();
  await backend.resume();
  expect(library.status?.pause).toEqual({ until: null });
});

it('a ring never goes back, and goes when its photo is done', () => {
  const backend = fake(new URLSearchParams());
  const library = new LibraryState(backend);
  const stop = library.start();
  backend.emit({ type: 'transfers', now: [transfer(1, 60)] });
  backend.emit({ type: 'transfers', now: [transfer(1, 20)] });
  expect(library.progress.get(1)).toBe(0.6);
  backend.emit({ type: 'transfers', now: [] });
  expect(library.progress.has(1)).toBe(false);
  stop();
});

it('what is broken is said, and mended by the next answer', async () => {
  const backend = fake(new URLSearchParams());
  const library = new LibraryState(backend);
  const status = backend.status;
  backend.status = () => Promise.reject(new Failure('library_in_use', 'locked'));
  await library.refresh();
  expect(library.broken?.code).toBe('library_in_use');
  backend.status = status;
  await library.refresh();
  expect(library.broken).toBeNull();
});

it('changed months reach those who asked for them', () => {
  const backend = fake(new URLSearchParams());
  const library = new LibraryState(backend);
  const stop = library.start();
  const heard: (string | null)[] = [];
  const deaf = library.onMonths((months) => heard.push(...months));
  backend.emit({ type: 'photos', months: ['2026-11', null] });
  deaf();
  backend.emit({ type: 'photos', months: ['2026-10'] });
  expect(heard).toEqual(['2026-11', null]);
  stop();
});

it('an answer that comes late does not take back what was told meanwhile', async () => {
  const backend = fake(new URLSearchParams());
  const library = new LibraryState(backend);
  const end = library.start();
  await library.refresh();
  const status = await backend.status();
  let answer: (status: Status) => void = () => undefined;
  backend.status = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const refreshed = library.refresh();
  backend.emit({ type: 'status', status: { ...status, photos: 7 } });
  answer({ ...status, photos: 3 });
  await refreshed;
  expect(library.status?.photos).toBe(7);
  end();
});
