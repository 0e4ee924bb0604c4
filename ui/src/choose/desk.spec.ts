import { beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import type { Status } from '../backend/types/Status';
import { EVERYTHING, Timeline } from '../photos/timeline.svelte';
import { plain } from '../words/sentence';
import { Chosen } from './chosen.svelte';
import { deskDeeds } from './desk';

let backend: Fake;
let status: Status;
let chosen: Chosen;

const one = { query: EVERYTHING, months: [], except: [], ids: [7] };
const keys = () => chosen.actions().map(({ key }) => key);
const run = (key: string) =>
  chosen
    .actions()
    .find((action) => action.key === key)
    ?.run();
const said = () => (chosen.said ? plain(chosen.said) : null);

beforeEach(async () => {
  backend = fake(new URLSearchParams());
  status = await backend.status();
  chosen = new Chosen(deskDeeds({ backend, status }), new Timeline(backend));
});

it('links are offered for several photos, where a bucket could give them', () => {
  expect(keys()).toEqual(expect.arrayContaining(['link-hour', 'link-day', 'link-week']));
  expect(chosen.actionsOfOne(() => one).map(({ key }) => key)).not.toContain('link-day');
  status = { ...status, destinations: [] };
  chosen = new Chosen(deskDeeds({ backend, status }), new Timeline(backend));
  expect(keys()).not.toContain('link-day');
});

it('links are asked for in words, and until when they show photos stands until it is read', async () => {
  vi.useFakeTimers();
  backend.copyLinks = async () => ({ links: 3, until: Date.now() + 3_600_000, without: 1 });
  run('link-hour');
  expect(said()).toContain('Asking for links');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said()).toContain('3 links are on the clipboard, one a line.');
  expect(said()).toContain('1 photo has none');
  vi.useRealTimers();
});

it('a choice without a link, and a place that cannot be asked, are said', async () => {
  backend.copyLinks = async () => ({ links: 0, until: null, without: 2 });
  run('link-day');
  await vi.waitUntil(() => !chosen.busy);
  expect(said()).toContain('None of these photos is safe in a bucket');
  backend.copyLinks = () => Promise.reject(new Failure('unreachable', 'away'));
  run('link-week');
  await vi.waitUntil(() => !chosen.busy);
  expect(said()).toBeNull();
  expect(chosen.broken?.code).toBe('unreachable');
});
