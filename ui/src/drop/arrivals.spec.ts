import { beforeEach, expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { type Fake, fake } from '../backend/fake';
import type { TimelinePlace } from '../backend/types/TimelinePlace';
import { Arrivals } from './arrivals';
import { DropState } from './drop.svelte';

const here: TimelinePlace = { id: 7, month: '2019-06', index: 3 };
let backend: Fake;
let library: LibraryState;
let drop: DropState;
let shown: TimelinePlace[];
let arrivals: Arrivals;

beforeEach(() => {
  backend = fake(new URLSearchParams());
  library = new LibraryState(backend);
  library.start();
  drop = new DropState(library);
  shown = [];
  arrivals = new Arrivals(library, drop, (place) => {
    shown.push(place);
    return Promise.resolve(true);
  });
});

it('what came before the window was there is taken too, then shown', async () => {
  backend.locate = () => Promise.resolve(here);
  backend.hand(['/home/mara/a.jpg']);
  arrivals.start();
  await vi.waitUntil(() => shown.length > 0);
  expect(shown).toEqual([here]);
  expect(drop.outcome?.kind).toBe('done');
});

it('a photo is shown once, when the timeline has it', async () => {
  let place: TimelinePlace | null = null;
  backend.locate = () => Promise.resolve(place);
  arrivals.start();
  backend.hand(['/home/mara/a.jpg']);
  await vi.waitUntil(() => drop.outcome?.kind === 'done');
  expect(shown).toEqual([]);
  place = here;
  backend.emit({ type: 'photos', months: ['2019-06'] });
  await vi.waitUntil(() => shown.length > 0);
  backend.emit({ type: 'photos', months: ['2019-06'] });
  await Promise.resolve();
  expect(shown).toEqual([here]);
});

it('one that cannot be shown yet is tried again', async () => {
  let ready = false;
  backend.locate = () => Promise.resolve(here);
  let tried = 0;
  arrivals = new Arrivals(library, drop, () => {
    tried += 1;
    return Promise.resolve(ready);
  });
  arrivals.start();
  backend.hand(['/home/mara/a.jpg']);
  await vi.waitUntil(() => tried === 1);
  ready = true;
  await vi.waitUntil(() => {
    backend.emit({ type: 'photos', months: ['2019-06'] });
    return tried === 2;
  });
});

it('nothing handed over takes nothing in', async () => {
  const dropPaths = vi.spyOn(backend, 'dropPaths');
  arrivals.start();
  await backend.opened();
  await Promise.resolve();
  expect(dropPaths).not.toHaveBeenCalled();
});
