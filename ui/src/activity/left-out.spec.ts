import { expect, it } from 'vitest';
import type { Backend } from '../backend/backend';
import { leftOutPage } from '../backend/fake/checks';
import { LeftOutFiles } from './left-out.svelte';

it('files are shown a page at a time, each once, and gone when closed', async () => {
  const backend = {
    leftOut: async (kind, after, limit) => leftOutPage(kind, after ?? 0, limit),
  } as Backend;
  const files = new LeftOutFiles(backend, 'others');
  await files.toggle();
  expect([files.files.length, files.more]).toEqual([50, true]);
  await files.load();
  expect([files.files.length, files.more]).toEqual([90, false]);
  expect(new Set(files.files.map((file) => file.path)).size).toBe(90);
  await files.toggle();
  expect([files.files.length, files.open]).toEqual([0, false]);
});
