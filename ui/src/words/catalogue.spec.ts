import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../backend/types/Cause';
import { words } from '../words';
import { plain } from './sentence';

const CAUSES = readFileSync(new URL('../backend/types/Cause.ts', import.meta.url), 'utf8')
  .match(/"(\w+)"/g)
  ?.map((quoted) => quoted.slice(1, -1) as Cause);

describe('every cause', () => {
  it('is known here', () => {
    expect(CAUSES?.length).toBeGreaterThan(30);
  });

  it.each(CAUSES ?? [])('%s is said in whole sentences, without its code', (code) => {
    const about = { destination: 'nas', folder: '/photos', count: 12, retryAt: null };
    const said = [
      words.causes.problem(code, about),
      words.causes.problem(code, { ...about, count: 1 }),
      words.causes.photo(code, 'nas', null),
      words.causes.destination(code, 'nas', 3, Date.now()),
      words.causes.folder(code, '/photos'),
      words.causes.failed(code),
      words.destinations.problem(code, 'minio.home', 'photos', 3700),
    ].map(plain);
    for (const sentence of said) {
      expect(sentence).toMatch(/^[A-Z0-9]|^nas |^imgn |^minio\.home |^photos |^This /);
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/_|!|undefined|null| {2}/);
    }
  });
});

describe('the voice', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );

  it.each(files)('%s has no exclamation, no oops, no please', (file) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const texts = source.match(/'[^'\n]*'|`[^`]*`/g)?.join('\n') ?? '';
    expect(texts.replaceAll(/\$\{[^}]*\}/g, '')).not.toMatch(
      /[a-z]!|\boops\b|\bplease\b|\bsorry\b/i,
    );
  });
});

it('a photo that is too large is said to stay, and not to go on by itself', () => {
  const about = { destination: 'nas', folder: null, count: 1, retryAt: null };
  expect(plain(words.causes.problem('too_large', about))).toBe(
    '1 photo is larger than 5 GB. It waits; nothing is lost. Keep another copy until imgn can send photos of this size.',
  );
});

it('where nothing waits, no number is said', () => {
  const about = { destination: null, folder: null, count: 0, retryAt: null };
  expect(plain(words.causes.problem('disk_full', about))).toBe(
    "This machine's disk is full. Make room, then try again.",
  );
});

it('a key that is gone after a restart is asked for again', () => {
  const about = { destination: 'nas', folder: null, count: 8, retryAt: null };
  expect(plain(words.causes.problem('no_credentials', about))).toBe(
    'nas needs its key again. 8 photos wait; nothing is lost. imgn keeps a typed key for one run only, and writes it nowhere.',
  );
  expect(words.causes.remedy('no_credentials')).toBe('keys');
  expect(words.causes.keyButton('no_credentials')).toBe('Enter the key again');
  expect(words.causes.keyButton('unauthorized')).toBe('Enter another key');
});

it('what is not backed up is counted and said', () => {
  const total = (photos: number, videos: number, other_files: number): string =>
    plain(words.folders.total({ photos, videos, other_files }));
  expect(total(12_345, 812, 90)).toBe(
    '12,345 photos; 812 videos and 90 other files are not backed up.',
  );
  expect(total(3, 1, 0)).toBe('3 photos; 1 video is not backed up.');
  expect(total(3, 0, 2)).toBe('3 photos; 2 files are not backed up.');
  expect(total(1, 0, 0)).toBe('1 photo.');
});

it('a drop is said before it happens', () => {
  const plan = {
    copy: 38,
    already_here: 0,
    folders: [],
    not_photos: 1,
    managed_folder: 'Pictures/imgn',
  };
  expect(plain(words.drops.copy(plan))).toBe('Copy 38 photos to Pictures/imgn and back them up');
  expect(plain(words.drops.already(38, 38))).toBe('Already in your library: 38 of 38');
  expect(plain(words.drops.notPhotos(1))).toBe('1 file is not a photo and stays where it is.');
  const holiday = {
    path: '/home/mara/Holiday 2024',
    photos: 612,
    bytes: 1,
    videos: 0,
    other_files: 0,
    more: false,
    refused: null,
  };
  expect(plain(words.drops.watch([holiday]))).toBe('Watch Holiday 2024 (612 photos)');
});
