import { expect, it } from 'vitest';
import type { Backend } from '../backend/backend';
import { comparison, measuredOf } from '../backend/fake/comparison';
import type { MeasureReport } from '../backend/types/MeasureReport';
import { Comparing } from './comparing.svelte';

function backend(measure: Backend['measure']): Backend {
  return { measure, compare: () => Promise.resolve(comparison([], null)) } as Backend;
}

it('a measuring tells how far it is, never goes back, and then what became of it', async () => {
  let end: (report: MeasureReport) => void = () => undefined;
  const comparing = new Comparing(backend(() => new Promise((resolve) => (end = resolve))));
  const measured = comparing.measure();
  comparing.moved({ name: 'nas', done: 3, total: 31 });
  comparing.moved({ name: 'nas', done: 2, total: 31 });
  expect(comparing.asking).toEqual({ name: 'nas', done: 3, total: 31 });
  end(measuredOf([]));
  await measured;
  expect(comparing.asking).toBeNull();
  expect(comparing.report?.stopped).toBe(false);
  expect(comparing.comparison?.others.length).toBe(4);
});

it('what is heard of a measuring that did not begin here shows nothing', () => {
  const comparing = new Comparing(backend(() => Promise.reject(new Error('not asked'))));
  comparing.moved({ name: 'nas', done: 3, total: 31 });
  expect(comparing.asking).toBeNull();
});

it('a measuring that fails is said, and can be begun again', async () => {
  const comparing = new Comparing(backend(() => Promise.reject(new Error('away'))));
  await comparing.measure();
  expect(comparing.broken?.code).toBe('internal');
  expect(comparing.asking).toBeNull();
});

it('what could not be read is no longer said once it was read', async () => {
  const away = { compare: () => Promise.reject(new Error('away')) } as Partial<Backend>;
  const of = { ...backend(() => Promise.reject(new Error('not asked'))), ...away };
  const comparing = new Comparing(of);
  await comparing.load();
  expect(comparing.broken?.code).toBe('internal');
  of.compare = () => Promise.resolve(comparison([], null));
  await comparing.load();
  expect(comparing.broken).toBeNull();
});
