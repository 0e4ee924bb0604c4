import { expect, it } from 'vitest';
import { TextSize } from './text-size.svelte';

function storage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

function pressing(keys: string, kept = storage()): number {
  const size = new TextSize(kept);
  for (const key of keys) size.pressed(key);
  return size.scale;
}

it.each([
  ['nothing', '', 1],
  ['larger', '+', 1.1],
  ['larger, without Shift', '=', 1.1],
  ['smaller', '-', 0.9],
  ['as large as it gets', '+++++++++++', 2],
  ['as small as it gets', '-----', 0.9],
  ['back', '+++0', 1],
])('%s', (_, keys, scale) => {
  expect(pressing(keys)).toBe(scale);
});

it('is kept for the next start', () => {
  const kept = storage();
  pressing('++', kept);
  expect(new TextSize(kept).scale).toBe(1.25);
});

it('what was kept and makes no sense is the usual size', () => {
  const kept = storage();
  kept.setItem('text-size', '40');
  expect(new TextSize(kept).scale).toBe(1);
  expect(new TextSize(undefined).scale).toBe(1);
});

it('other keys are left to others', () => {
  expect(new TextSize(storage()).pressed('a')).toBe(false);
});
