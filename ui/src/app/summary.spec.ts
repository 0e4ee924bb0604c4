import { expect, it } from 'vitest';
import { sceneNamed, statusOf } from '../backend/fake/scenes';
import type { Cause } from '../backend/types/Cause';
import type { DestinationView } from '../backend/types/DestinationView';
import type { Status } from '../backend/types/Status';
import { plain } from '../words/sentence';
import { summary } from './summary';

const now = Date.parse('2026-11-24T12:00:00');
const calm: Status = {
  ...statusOf(sceneNamed('calm'), 12_345),
  last_checked: now - 185_000,
};

const rebuild = {
  destination: 1,
  destination_name: 'nas',
  stage: 'running' as const,
  done: 0,
  total: 0,
  by_name: 0,
  reason: null,
};

const cardCopy = {
  name: 'EOS_DIGITAL',
  done: 120,
  total: 330,
  copied: 112,
  already_here: 8,
  videos: 0,
  not_photos: 0,
  problems: [],
  problem_count: 0,
  reason: null,
};

function stuck(name: string, waiting: number, code: Cause): DestinationView {
  const [nas] = calm.destinations;
  if (!nas) throw new Error('the calm library has a place');
  const reason = { code, detail: '', retry_at: null };
  return { ...nas, name, waiting, state: 'needs_you', reason };
}

function keyless(name: string, waiting: number): DestinationView {
  return stuck(name, waiting, 'no_credentials');
}

function tokenless(name: string): DestinationView {
  const config = { kind: 'http', url: 'http://nas:8080', token_file: null, ca_file: null } as const;
  return { ...keyless(name, 0), config };
}

//  name, what differs, the sentence's beginning or all of it, tone
const cases: readonly [string, Partial<Status>, string, string][] = [
  [
    'all safe',
    {},
    'All 12,345 photos are safe in photos on nas. Last checked 3 minutes ago.',
    'safe',
  ],
  [
    'one photo',
    { photos: 1, safe: 1, last_checked: null },
    'Your photo is safe in photos on nas.',
    'safe',
  ],
  [
    'on the way',
    { safe: 12_335, going: 8, needs_you: 2 },
    '12,335 safe · 8 going up · 2 need you',
    'needs-you',
  ],
  ['waiting', { safe: 12_344, waiting: 1 }, '12,344 safe · 1 waiting', 'waiting'],
  [
    'offline',
    { offline: true, waiting: 8, safe: 12_337 },
    'Offline. Everything is browsable; 8 photos wait.',
    'offline',
  ],
  [
    'offline, one',
    { offline: true, waiting: 1 },
    'Offline. Everything is browsable; 1 photo waits.',
    'offline',
  ],
  [
    'offline, done',
    { offline: true },
    'Offline. Everything is browsable, and nothing waits.',
    'offline',
  ],
  [
    'a typed key is gone after a restart',
    { needs_you: 8, offline: true, destinations: [keyless('nas', 8)] },
    'nas needs its key again; 8 photos wait.',
    'needs-you',
  ],
  [
    'a key is gone, one photo waits',
    { needs_you: 1, destinations: [...calm.destinations, keyless('nas', 1)] },
    'nas needs its key again; 1 photo waits.',
    'needs-you',
  ],
  [
    'a key is gone, nothing waits',
    { destinations: [keyless('nas', 0)] },
    'nas needs its key again; nothing waits.',
    'needs-you',
  ],
  [
    'two keys are gone',
    { needs_you: 8, destinations: [keyless('nas', 8), keyless('cloud', 3)] },
    '2 places need their keys again; 8 photos wait.',
    'needs-you',
  ],
  [
    'a token is gone',
    { destinations: [tokenless('nas')] },
    'nas wants its token; nothing waits.',
    'needs-you',
  ],
  [
    'a key and a token are gone',
    { destinations: [keyless('nas', 3), tokenless('cloud')] },
    '2 places need their keys or passwords again; 3 photos wait.',
    'needs-you',
  ],
  [
    'a token is gone, and a bucket',
    { destinations: [tokenless('nas'), stuck('cloud', 0, 'no_bucket')] },
    '2 places need you: new photos would not be safe there.',
    'needs-you',
  ],
  [
    'a bucket that is gone, though nothing waits',
    { destinations: [stuck('nas', 0, 'no_bucket')] },
    'nas needs you: new photos would not be safe there.',
    'needs-you',
  ],
  [
    'paused',
    { pause: { until: null }, going: 3 },
    'Paused until you say so. 3 photos wait.',
    'waiting',
  ],
  [
    "a card's copying",
    { card_copy: { ...cardCopy, stage: 'running' } },
    'Copying from EOS_DIGITAL: 120 of 330 files.',
    'going',
  ],
  [
    'a copying that has ended',
    { card_copy: { ...cardCopy, stage: 'done' } },
    'All 12,345 photos are safe in photos on nas. Last checked 3 minutes ago.',
    'safe',
  ],
  [
    'a rebuild',
    { rebuild: { ...rebuild, done: 3, total: 38 } },
    'Rebuilding from nas: 3 of 38 photos.',
    'going',
  ],
  [
    'a few photos here, and more where they are safe',
    { photos: 3, safe: 3, online_only: 397 },
    'All 3 photos on this computer are safe in photos on nas; 397 more are online only. Last checked 3 minutes ago.',
    'safe',
  ],
  [
    'a rebuild that has ended',
    { rebuild: { ...rebuild, stage: 'done' }, photos: 0, safe: 0, online_only: 38 },
    '38 photos, online only.',
    'safe',
  ],
  ['first run', { first_run: true }, 'Nothing is watched yet.', 'waiting'],
  ['nothing', { photos: 0, safe: 0 }, 'No photos yet. Drop some here.', 'waiting'],
  ['reading', { scanning: ['/p'], photos: 40, safe: 40 }, 'Reading /p: 40 photos so far.', 'going'],
  [
    'nowhere safe',
    { destinations: [] },
    '12,345 photos here, none backed up: no safe place is chosen yet.',
    'needs-you',
  ],
];

it.each(cases)('%s', (_, differs, sentence, tone) => {
  const said = summary({ ...calm, ...differs }, null, now);
  expect(plain(said.sentence)).toBe(sentence);
  expect(said.tone).toBe(tone);
});

it('speed and time left are said while bytes move', () => {
  const status = { ...calm, going: 8, bytes_per_second: 3_100_000, seconds_left: 130 };
  expect(summary(status, null, now).rate).toBe('↑ 3.1\u00a0MB/s · 2 minutes left');
  expect(summary(calm, null, now).rate).toBeNull();
  // The speed of what went up last falls for a while.
  const ended = { ...calm, needs_you: 2, bytes_per_second: 11_000, seconds_left: 1 };
  expect(summary(ended, null, now).rate).toBeNull();
});

it('a library that is not open is not said to be opening for ever', () => {
  expect(plain(summary(null, null, now).sentence)).toBe('Opening your library.');
  const failed = summary(null, null, now, 'failed');
  expect(plain(failed.sentence)).toBe('Your library is not open.');
  expect(failed.tone).toBe('needs-you');
});

it('copying is said before anything else', () => {
  const said = summary(calm, { done: 3, total: 38 }, now);
  expect(plain(said.sentence)).toBe('Taking in 3 of 38 files.');
});
