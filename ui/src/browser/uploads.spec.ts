import { expect, it, vi } from 'vitest';
import { Failure } from '../backend/backend';
import { begun, ended, moved, part, speed } from './tally';
import { type Send, Uploads } from './uploads.svelte';

const file = (name: string, size = 10): File => new File(['x'.repeat(size)], name);

it('every file is counted once: stored, there before, or not taken with its reason', async () => {
  const send: Send = async ({ name }) => {
    if (name === 'b') throw new Failure('not_a_photo', '');
    return { key: name, duplicate: name === 'c' };
  };
  const uploads = new Uploads(send);
  uploads.add([file('a'), file('b'), file('c')]);
  uploads.add([file('d')]);
  await vi.waitUntil(() => !uploads.under);
  expect(uploads.tally).toMatchObject({ files: 4, ended: 4, stored: 2, duplicates: 1 });
  expect(uploads.notTaken.map(({ name, failure }) => `${name} ${failure.code}`)).toEqual([
    'b not_a_photo',
  ]);
});

it('three go up at once, in their order', async () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const uploads = new Uploads(({ name }) => {
    begun.push(name);
    return new Promise((resolve) => ends.push(() => resolve({ key: name, duplicate: false })));
  });
  uploads.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
  expect(begun).toEqual(['a', 'b', 'c']);
  ends[0]?.();
  await vi.waitUntil(() => begun.length === 4);
});

it('the next drop after all have ended begins anew', async () => {
  const uploads = new Uploads(async () => ({ key: 'k', duplicate: false }));
  uploads.add([file('a')]);
  await vi.waitUntil(() => !uploads.under);
  uploads.add([file('b')]);
  expect(uploads.tally?.files).toBe(1);
});

it('what holds no file is said', () => {
  const uploads = new Uploads(() => Promise.reject(new Error('nothing is sent')));
  uploads.add([]);
  expect(uploads.nothing).toBe(true);
  uploads.dismiss();
  expect(uploads.nothing).toBe(false);
});

it('what cannot be read is said beside what goes up', async () => {
  const uploads = new Uploads(async () => ({ key: 'k', duplicate: false }));
  uploads.add([file('a')], ['locked']);
  await vi.waitUntil(() => !uploads.under);
  expect(uploads.tally).toMatchObject({ files: 1, ended: 1, stored: 1 });
  expect(uploads.notTaken).toMatchObject([
    { name: 'locked', failure: { code: 'file_unreadable' } },
  ]);
  uploads.dismiss();
  uploads.add([], ['alone']);
  expect(uploads.nothing).toBe(false);
  expect(uploads.tally).not.toBeNull();
  expect(uploads.notTaken.map(({ name }) => name)).toEqual(['alone']);
});

it('what was not taken stands until it is read, also over the next drop', async () => {
  const uploads = new Uploads(async () => ({ key: 'k', duplicate: false }));
  uploads.add([], ['locked']);
  uploads.add([file('a')]);
  await vi.waitUntil(() => !uploads.under);
  expect(uploads.notTaken.map(({ name }) => name)).toEqual(['locked']);
  uploads.dismiss();
  expect(uploads.notTaken).toEqual([]);
});

it('a file that is refused at once ends the bar, and is no speed', () => {
  const tally = { ...begun(0), files: 2, bytes: 100 };
  const half = ended(moved(tally, 1, 10, 500), 1, 50, 1_000);
  expect(part(half)).toBe(0.5);
  expect(speed(half)).toBe(10);
  expect(half.sent.size).toBe(0);
  const all = ended(moved(half, 2, 50, 1_500), 2, 50, 2_000);
  expect(part(all)).toBe(1);
  expect(speed(all)).toBe(30);
});

it('a bar never goes back, and knows its speed after a second', () => {
  const tally = { ...begun(0), files: 2, bytes: 100 };
  const half = moved(tally, 1, 50, 500);
  expect(part(half)).toBe(0.5);
  expect(part(moved(half, 1, 0, 600))).toBe(0.5);
  expect(speed(half)).toBeNull();
  expect(speed(moved(half, 2, 50, 2_000))).toBe(50);
  expect(part({ ...begun(0), files: 1 })).toBe(0);
});
