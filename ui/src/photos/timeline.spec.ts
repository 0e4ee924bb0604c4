import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Backend, Failure } from '../backend/backend';
import { fake } from '../backend/fake';
import { Timeline } from './timeline.svelte';

function backend(scene: string, photos = ''): Backend {
  return fake(new URLSearchParams({ scene, ...(photos ? { photos } : {}) }));
}

async function opened(source: Backend): Promise<Timeline> {
  const timeline = new Timeline(source);
  timeline.resized(1000, 800);
  await timeline.load();
  await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
  return timeline;
}

afterEach(() => vi.useRealTimers());

describe('the timeline', () => {
  it('keeps few nodes however large the library is', async () => {
    const timeline = await opened(backend('many'));
    for (const part of [0, 0.31, 0.77, 1]) {
      timeline.jump(timeline.height * part);
      await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
      const tiles = timeline.shown.reduce((sum, block) => sum + block.tiles.length, 0);
      expect(tiles).toBeGreaterThan(0);
      // A tile is two nodes at rest.
      expect(tiles * 2 + timeline.shown.length * 4).toBeLessThan(300);
    }
  });

  it('reaches the last photo', async () => {
    const timeline = await opened(backend('many'));
    timeline.jump(Number.MAX_SAFE_INTEGER);
    await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
    const last = timeline.shown.at(-1);
    expect(last?.month).toBeNull();
    expect(last?.tiles.at(-1)?.index).toBe((last?.count ?? 0) - 1);
  });

  it('goes over the border of months in both directions', async () => {
    const timeline = await opened(backend('calm'));
    const [first, second] = timeline.blocks ?? [];
    if (!first || !second) throw new Error('there are months');
    const last = { month: first.month, index: first.count - 1 };
    const next = { month: second.month, index: 0 };
    expect(timeline.neighbour(last, 1)).toEqual(next);
    expect(timeline.neighbour(next, -1)).toEqual(last);
    expect(timeline.neighbour({ month: first.month, index: 0 }, -1)).toBeNull();
  });

  it('gives a photo that was not asked for yet', async () => {
    const timeline = await opened(backend('calm'));
    const far = timeline.blocks?.at(-2);
    if (!far) throw new Error('there are months');
    expect(await timeline.tileAt({ month: far.month, index: far.count - 1 })).not.toBeNull();
    expect(await timeline.tileAt({ month: far.month, index: far.count })).toBeNull();
  });

  it('places a photo that came since its month was asked for', async () => {
    const source = backend('calm');
    const timeline = await opened(source);
    const [block] = timeline.blocks ?? [];
    const newest = block?.tiles[0];
    if (!block || !newest) throw new Error('there are photos');
    const { sections, tiles } = source;
    const come = { ...newest, id: 1_000_000, cursor: '' };
    source.sections = async (query) =>
      (await sections(query)).map((section, nth) =>
        nth === 0 ? { ...section, count: section.count + 1 } : section,
      );
    source.tiles = async (query, month, after, limit) => [
      ...(month === block.month && after === null ? [come] : []),
      ...(await tiles(query, month, after || null, limit)),
    ];
    const there = { month: block.month, index: 0 };
    expect(await timeline.placed({ ...there, id: come.id })).toEqual(there);
    expect(await timeline.placed({ ...there, id: 2_000_000 })).toBeNull();
  });

  it('says which month could not be loaded, and loads it when asked again', async () => {
    const source = backend('calm');
    let broken = true;
    const tiles = source.tiles;
    source.tiles = (...wanted) =>
      broken ? Promise.reject(new Failure('internal', 'no')) : tiles(...wanted);
    const timeline = new Timeline(source);
    timeline.resized(1000, 800);
    await timeline.load();
    await vi.waitUntil(() => timeline.shown[0]?.failure !== null);
    expect(timeline.shown[0]?.failure?.code).toBe('internal');
    broken = false;
    for (const block of timeline.shown) timeline.retry(block.month);
    await vi.waitUntil(() => timeline.shown[0]?.blank === null);
    expect(timeline.shown[0]?.failure).toBeNull();
  });

  it('holds what is seen while months above are measured', async () => {
    const timeline = await opened(backend('calm'));
    timeline.jumpToMonth(40);
    await vi.waitUntil(() => timeline.shown.every(({ blank }) => blank === null));
    expect(timeline.monthIndex()).toBe(40);
    expect(timeline.blocks?.[40]?.y).toBe(timeline.position.top);
  });

  it('a month said to change over and over, and does not, is hardly asked for', async () => {
    vi.useFakeTimers();
    const source = backend('calm');
    const timeline = new Timeline(source);
    timeline.resized(1000, 800);
    void timeline.load();
    await vi.advanceTimersByTimeAsync(1000);
    const month = timeline.shown[0]?.month ?? null;
    const before = timeline.blocks?.[0]?.tiles;
    const asked = vi.spyOn(source, 'tiles');
    for (let at = 0; at < 200; at += 1) {
      timeline.changed([month]);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked.mock.calls.length).toBeGreaterThan(1);
    expect(asked.mock.calls.length).toBeLessThan(9);
    expect(timeline.blocks?.[0]?.tiles).toBe(before);
  });

  it('what did change is shown though nothing more is said', async () => {
    vi.useFakeTimers();
    const source = backend('calm');
    const timeline = new Timeline(source);
    timeline.resized(1000, 800);
    void timeline.load();
    await vi.advanceTimersByTimeAsync(1000);
    const month = timeline.shown[0]?.month ?? null;
    timeline.changed([month]);
    await vi.advanceTimersByTimeAsync(500);

    const { tiles } = source;
    source.tiles = async (...wanted) =>
      (await tiles(...wanted)).map((tile) => ({ ...tile, state: 'failed' }));
    timeline.changed([month]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(timeline.blocks?.[0]?.tiles[0]?.state).toBe('failed');
  });
});
