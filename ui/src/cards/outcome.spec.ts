import { expect, it } from 'vitest';
import type { CardProgress } from '../backend/types/CardProgress';
import type { Cause } from '../backend/types/Cause';
import { plain } from '../words/sentence';
import { outcome } from './outcome';

const whole: CardProgress = {
  name: 'EOS_DIGITAL',
  stage: 'done',
  done: 330,
  total: 330,
  copied: 298,
  already_here: 14,
  videos: 12,
  not_photos: 6,
  problems: [],
  problem_count: 0,
  reason: null,
};

const failed = (code: Cause, copied: number): CardProgress => ({
  ...whole,
  stage: 'failed',
  copied,
  reason: { code, detail: '', retry_at: null },
});

it.each<[string, CardProgress, string]>([
  [
    'whole',
    whole,
    '298 photos copied from EOS_DIGITAL. 14 were there already. 12 videos stay on it: imgn copies photos only. 6 files left out: not photos.',
  ],
  [
    'nothing new',
    { ...whole, copied: 0, videos: 0, not_photos: 0 },
    'All 14 photos on EOS_DIGITAL are in your library already.',
  ],
  [
    'stopped',
    { ...whole, stage: 'stopped', copied: 1 },
    'Copying from EOS_DIGITAL was stopped. 1 photo was copied by then, and stays in your library.',
  ],
  [
    'taken out',
    failed('disk_away', 3),
    'EOS_DIGITAL was taken out. 3 photos were copied by then, and stay in your library. Plug it in again, and imgn offers the rest.',
  ],
  [
    'no room',
    failed('disk_full', 0),
    'The disk of this computer is full, so copying from EOS_DIGITAL ended. Nothing was copied. Make room, then copy again.',
  ],
])('%s', (_, copy, sentence) => {
  expect(plain(outcome(copy))).toBe(sentence);
});
