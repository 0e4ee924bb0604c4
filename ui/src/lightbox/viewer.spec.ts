import { beforeEach, expect, it, vi } from 'vitest';
import { LibraryState } from '../app/library.svelte';
import { Failure } from '../backend/backend';
import { type Fake, fake } from '../backend/fake';
import { Timeline } from '../photos/timeline.svelte';
import { Confirmation } from './confirmation.svelte';
import { Viewer } from './viewer.svelte';

let backend: Fake;
let viewer: Viewer;
let timeline: Timeline;

beforeEach(async () => {
  backend = fake(new URLSearchParams());
  timeline = new Timeline(backend);
  timeline.resized(1000, 800);
  await timeline.load();
  const start = { month: timeline.blocks?.[0]?.month ?? null, index: 0 };
  viewer = new Viewer(backend, timeline, start);
  viewer.stage = { width: 800, height: 600 };
  await viewer.open(start);
});

it('goes from photo to photo, and stops at the first', async () => {
  expect(viewer.atStart).toBe(true);
  const first = viewer.tile?.id;
  await viewer.step(1);
  expect(viewer.tile?.id).not.toBe(first);
  expect(viewer.detail?.id).toBe(viewer.tile?.id);
  await viewer.step(-1);
  await viewer.step(-1);
  expect(viewer.tile?.id).toBe(first);
});

it('shows the next photo whole again', async () => {
  viewer.ownPixels();
  expect(viewer.percent).toBe(100);
  await viewer.step(1);
  expect(viewer.zoomed).toBe(false);
});

it('drops an answer that comes after the photo was left', async () => {
  const photo = backend.photo;
  let answer: (() => void) | undefined;
  backend.photo = (id) =>
    new Promise((resolve) => {
      answer = () => void photo(id).then(resolve);
    });
  const leaving = viewer.step(1);
  await vi.waitUntil(() => answer);
  const late = answer;
  backend.photo = photo;
  await viewer.step(1);
  const here = viewer.tile?.id;
  late?.();
  await leaving;
  expect(viewer.detail?.id).toBe(here);
});

it('says when a proof cannot be asked for, and keeps what it knew', async () => {
  backend.checkNow = () => Promise.reject(new Failure('unreachable', 'gone'));
  const confirmation = new Confirmation(new LibraryState(backend), viewer, viewer.tile?.id ?? 0);
  await confirmation.checkNow();
  expect(viewer.broken?.code).toBe('unreachable');
  expect(confirmation.checking).toBe('no');
  expect(viewer.detail).not.toBeNull();
});
