import { beforeEach, expect, it } from 'vitest';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import { LASTING, LinkState } from './link.svelte';

let backend: Fake;
let clipboard: string | null;
let link: LinkState;

beforeEach(() => {
  backend = fake(new URLSearchParams());
  clipboard = null;
  link = new LinkState(backend, async (text) => {
    clipboard = await text;
  });
});

it('a link is copied, and says until when it works', async () => {
  const begun = Date.now();
  const asked = link.ask(7, 1, LASTING.day);
  expect(link.outcome?.kind).toBe('asking');
  await asked;
  const { outcome } = link;
  if (outcome?.kind !== 'copied') throw new Error(outcome?.kind);
  expect(clipboard).toBe(outcome.link.url);
  expect(outcome.link.until - begun).toBeGreaterThanOrEqual(86_400_000);
});

it('a link that the clipboard refuses is shown', async () => {
  link = new LinkState(backend, () => Promise.reject(new Error('no')));
  await link.ask(7, 1, LASTING.hour);
  expect(link.outcome?.kind).toBe('shown');
});

it('why there is no link is said, and nothing is copied', async () => {
  backend.link = () => Promise.reject(new Failure('unreachable', 'gone'));
  await link.ask(7, 1, LASTING.week);
  const { outcome } = link;
  expect(outcome?.kind === 'failed' && outcome.failure.code).toBe('unreachable');
  expect(clipboard).toBeNull();
});

it('an answer for a photo that was left is dropped', async () => {
  const asked = link.ask(7, 1, LASTING.hour);
  link.forget();
  await asked;
  expect(link.outcome).toBeNull();
});
