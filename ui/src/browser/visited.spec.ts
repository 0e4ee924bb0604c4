import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure, type Known, TooOften, type Visit } from '../backend/backend';
import { Visited } from './visited.svelte';

let tell: (known: Known) => void;
let reads: number;
let seen: boolean;
let next: Partial<Known>;
let signIn: () => Promise<void>;

function visiting(): Visited {
  const read = async (): Promise<void> => {
    reads += 1;
    tell({ photos: 1, coming: 0, state: 'read', failure: null, ...next });
  };
  const visit = {
    read,
    signIn: () => signIn().then(read),
    onKnown: (listener: (known: Known) => void) => {
      tell = listener;
      return () => {};
    },
  } as Partial<Visit> as Visit;
  return new Visited(visit, () => seen);
}

beforeEach(() => {
  vi.useFakeTimers();
  reads = 0;
  seen = true;
  next = { state: 'signed-out' };
  signIn = async () => {};
});

afterEach(() => vi.useRealTimers());

//  name, what signing in says, what is said
const refusals: readonly [string, Failure | null, unknown][] = [
  ['another token', new Failure('unauthorized', '401'), 'another-token'],
  ['a page that it was not told of', new Failure('forbidden', '403'), { code: 'forbidden' }],
  ['too often', new TooOften('429', 30), { seconds: 30 }],
  ['no network', new Failure('unreachable', ''), { code: 'unreachable' }],
  ['a browser that keeps no cookie', null, 'not-kept'],
];

it.each(refusals)('%s is said by its cause', async (_, thrown, refused) => {
  const visited = visiting();
  visited.start();
  signIn = () => (thrown ? Promise.reject(thrown) : Promise.resolve());
  await visited.signIn('token');
  expect({ refused: visited.refused }).toMatchObject({ refused });
  expect(visited.signing).toBe(false);
});

it('after signing in it is looked again until all photos have their metadata', async () => {
  const visited = visiting();
  visited.start();
  next = { coming: 1 };
  await visited.signIn('token');
  expect(visited.refused).toBe('no');
  expect(reads).toBe(2);
  next = { coming: 0 };
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toBe(3);
});

it('a page that nobody sees reads nothing, and makes up for it', async () => {
  next = { coming: 1 };
  const visited = visiting();
  visited.start();
  seen = false;
  await vi.advanceTimersByTimeAsync(30_000);
  visited.lookedAt();
  expect(reads).toBe(1);
  seen = true;
  visited.lookedAt();
  expect(reads).toBe(2);
});

it('who comes back soon sees what is known', async () => {
  next = {};
  const visited = visiting();
  visited.start();
  await vi.advanceTimersByTimeAsync(59_000);
  visited.lookedAt();
  expect(reads).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  visited.lookedAt();
  expect(reads).toBe(2);
});
