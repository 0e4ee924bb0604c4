import { expect, it } from 'vitest';
import { Failure } from '../backend/backend';
import { fake } from '../backend/fake';
import { Trial } from './trial.svelte';

it('shows another library with each start and end', async () => {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  const trial = new Trial(backend);
  await trial.look();
  expect(trial.underWay).toBe(false);
  await trial.start('Safe place');
  expect([trial.underWay, trial.round]).toEqual([true, 1]);
  expect((await backend.status()).first_run).toBe(false);
  await trial.end();
  expect([trial.underWay, trial.round]).toEqual([false, 2]);
  expect((await backend.status()).first_run).toBe(true);
});

it('one that cannot be made leaves the window as it is, and says why', async () => {
  const backend = fake(new URLSearchParams({ scene: 'first-run' }));
  backend.startTrial = () => Promise.reject(new Failure('disk_full', 'no room'));
  const trial = new Trial(backend);
  await trial.start('Safe place');
  expect([trial.underWay, trial.round, trial.changing]).toEqual([false, 0, false]);
  expect(trial.broken?.code).toBe('disk_full');
});

it('a window that is made anew knows that a trial is under way', async () => {
  const trial = new Trial(fake(new URLSearchParams({ trial: '' })));
  await trial.look();
  expect(trial.underWay).toBe(true);
});
