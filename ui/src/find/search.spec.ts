import { describe, expect, it, vi } from 'vitest';
import { fake } from '../backend/fake';
import type { Query } from '../backend/types/Query';
import { EVERYTHING, Timeline } from '../photos/timeline.svelte';
import { chips, formatName, isEverything } from './query';
import { Search } from './search.svelte';

async function opened() {
  const backend = fake(new URLSearchParams({ scene: 'calm' }));
  const timeline = new Timeline(backend);
  timeline.resized(1000, 800);
  await timeline.load();
  await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
  return { backend, timeline, search: new Search(backend, timeline) };
}

function shownNames(timeline: Timeline): string[] {
  return timeline.shown.flatMap(({ tiles }) => tiles.map(({ tile }) => tile.name));
}

describe('a search', () => {
  it('shows what is found, whole at once, and everything again where it was', async () => {
    const { timeline, search } = await opened();
    timeline.jumpToMonth(20);
    await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
    const { month } = timeline;
    search.type('scan');
    await vi.waitUntil(() => timeline.query.text === 'scan');
    const seen = timeline.shown.filter(({ top }) => top < 800);
    expect(seen.every(({ blank }) => blank === null)).toBe(true);
    expect(timeline.position.top).toBe(0);
    expect(shownNames(timeline).every((name) => name.startsWith('scan'))).toBe(true);
    search.clear();
    await vi.waitUntil(() => timeline.query === EVERYTHING);
    expect(timeline.month).toBe(month);
    expect(timeline.monthIndex()).toBe(20);
  });

  it('asks for the latest of what was typed, and for nothing between', async () => {
    const { backend, timeline, search } = await opened();
    const asked = vi.spyOn(backend, 'sections');
    for (const text of ['s', 'sc', 'sca', 'scan']) search.type(text);
    await vi.waitUntil(() => timeline.query.text === 'scan');
    expect(asked.mock.calls.map(([{ text }]) => text)).toEqual(['scan']);
  });

  it('drops an answer that was overtaken', async () => {
    const { backend, timeline } = await opened();
    const slow: (() => void)[] = [];
    const { sections } = backend;
    backend.sections = async (query: Query) => {
      if (query.text === 'IMG') await new Promise<void>((resolve) => slow.push(resolve));
      return sections(query);
    };
    const first = timeline.find({ ...EVERYTHING, text: 'IMG' });
    await vi.waitUntil(() => slow.length === 1);
    expect(await timeline.find({ ...EVERYTHING, text: 'scan' })).toBe(true);
    slow[0]?.();
    expect(await first).toBe(false);
    expect(timeline.query.text).toBe('scan');
  });

  it('says how its dates were read, and takes them off', async () => {
    const { search } = await opened();
    search.type('IMG 2019');
    await vi.waitUntil(() => search.meaning.days.length > 0);
    const [chip] = chips(search.query, search.meaning, []);
    expect(chip).toMatchObject({ key: 'days', label: '2019', without: { text: 'IMG' } });
    search.set(chip?.without ?? {});
    await vi.waitUntil(() => search.meaning.days.length === 0);
    expect(search.query.text).toBe('IMG');
  });
});

describe('a query', () => {
  const none = { days: [], words: '' };

  it('is everything only without any filter', () => {
    expect(isEverything({ ...EVERYTHING, text: '  ' })).toBe(true);
    expect(isEverything({ ...EVERYTHING, favourite: true })).toBe(false);
    expect(isEverything({ ...EVERYTHING, states: ['not_safe'] })).toBe(false);
    expect(isEverything({ ...EVERYTHING, folder: { folder: 1, below: '' } })).toBe(false);
  });

  it('has a chip for each filter, which leaves the others', () => {
    const query: Query = {
      text: '',
      states: ['not_safe', 'online_only'],
      folder: { folder: 1, below: '2019/Lake' },
      formats: ['image/jpeg'],
      favourite: true,
    };
    const all = chips(query, none, []);
    expect(all.map(({ label }) => label)).toEqual([
      'Favourites',
      'Not safe yet',
      'Online only',
      'Lake',
      'JPEG',
    ]);
    expect(all[1]?.without).toEqual({ states: ['online_only'] });
  });

  it.each([
    ['image/jpeg', 'JPEG'],
    ['image/webp', 'WebP'],
    ['image/x-adobe-dng', 'DNG'],
    ['image/vnd.microsoft.icon', 'ICO'],
    ['application/octet-stream', 'Unreadable'],
  ])('names the format %s', (type, name) => {
    expect(formatName(type)).toBe(name);
  });
});
