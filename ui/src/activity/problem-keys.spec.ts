import { expect, it } from 'vitest';
import type { Cause } from '../backend/types/Cause';
import type { Problem } from '../backend/types/Problem';
import { keyed } from './problem-keys';

const problem = (code: Cause, destination: number | null): Problem => ({
  reason: { code, detail: '', retry_at: null },
  destination,
  destination_name: null,
  folder: null,
  count: 1,
  examples: [],
  mends_itself: false,
});
const [disk, nas, cloud] = [
  problem('disk_full', null),
  problem('unauthorized', 1),
  problem('unauthorized', 2),
];
const keyOf = (all: readonly Problem[], one: Problem): string | undefined =>
  keyed(all).find((each) => each.problem === one)?.key;

it('a problem keeps its key when another one is solved', () => {
  expect(keyOf([nas, cloud], cloud)).toBe(keyOf([disk, nas, cloud], cloud));
});

it('no two have the same key', () => {
  const keys = keyed([disk, nas, nas, cloud, disk]).map(({ key }) => key);
  expect(new Set(keys).size).toBe(5);
});
