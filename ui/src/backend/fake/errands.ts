/** Errands of the fake, each as it is a while after it began. */

import { Failure } from '../backend';
import type { RebuildProgress } from '../types/RebuildProgress';
import type { RestoreProgress } from '../types/RestoreProgress';
import type { Status } from '../types/Status';
import { nameOf } from './places';

/** A card is on its way from being offered to being copied. */
export function copying(status: Status, id: number): Partial<Status> {
  const card = status.cards.find((one) => one.id === id);
  if (!card) throw new Failure('disk_away', 'the card is not there');
  return {
    cards: status.cards.filter((one) => one.id !== id),
    card_copy: {
      name: card.name,
      stage: 'running',
      done: 120,
      total: 330,
      copied: 112,
      already_here: 8,
      videos: 0,
      not_photos: 0,
      problems: [],
      problem_count: 0,
      reason: null,
    },
  };
}

export function rebuilding(status: Status, id: number): RebuildProgress {
  return {
    destination: id,
    destination_name: nameOf(status, id),
    stage: 'running',
    done: 0,
    total: 0,
    by_name: 0,
    reason: null,
  };
}

export function restoring(status: Status, from: number | null, folder: string): RestoreProgress {
  return {
    folder,
    destination_name: nameOf(status, from),
    stage: 'running',
    done: 612,
    total: 2000,
    bytes_done: 2_400_000_000,
    bytes: 8_000_000_000,
    restored: 600,
    already_there: 11,
    problems: [
      {
        path: `${folder}/2019/06/IMG_2041 (not as recorded).jpg`,
        reason: {
          code: 'other_bytes',
          detail: '2019/06/IMG_2041.jpg has SHA-256 9f2c…',
          retry_at: null,
        },
      },
    ],
    problem_count: 1,
    reason: null,
  };
}
