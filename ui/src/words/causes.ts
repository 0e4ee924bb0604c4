/**
 * How a catalogue's words for a cause become sentences: what happened · what it means for the
 * photos · what to do. What can be done about a cause is the same in every language.
 */

import type { Cause } from '../backend/types/Cause';
import { type Sentence, together } from './sentence';

/** What one button can do about it. */
export type Remedy = 'retry' | 'keys' | 'storage' | 'settings' | 'resume' | null;

/** What a place is shown: the two halves of a key, a token, or a name and a password. */
export type Secret = 'key' | 'token' | 'password';

export interface About {
  readonly destination: string | null;
  readonly folder: string | null;
  /** Photos (or files) that it concerns. */
  readonly count: number;
  readonly retryAt: number | null;
  /** Left out: a key. */
  readonly secret?: Secret | undefined;
}

export interface CauseWords {
  readonly happened: (about: About) => Sentence;
  /** What the person does; null: it mends itself. */
  readonly todo: Sentence | null;
}

/** One language's words, of which `causesFrom` makes the sentences. */
export interface CausePhrases {
  readonly causes: Record<Cause, CauseWords>;
  /** Other words for some of them, where something else than a key is shown. */
  readonly ofSecret: Record<Exclude<Secret, 'key'>, Partial<Record<Cause, CauseWords>>>;
  /** "3 photos wait; nothing is lost." */
  readonly photosWait: (count: number) => Sentence;
  /** Of a place that is gone. */
  readonly wereThere: (count: number) => Sentence;
  /** The same where the photos were counted just before. */
  readonly theyWait: (count: number) => Sentence;
  /** "It goes on by itself." */
  readonly goesOn: (retryAt: number | null) => Sentence;
  readonly enter: Record<Secret, string>;
  readonly enterAgain: Record<Secret, string>;
}

const REMEDIES: Record<Cause, Remedy> = {
  unreachable: 'retry',
  busy: 'retry',
  certificate: 'storage',
  unauthorized: 'keys',
  no_credentials: 'keys',
  forbidden: 'keys',
  no_access: 'retry',
  no_bucket: 'storage',
  wrong_region: 'storage',
  clock_skew: 'retry',
  redirected: 'storage',
  not_mounted: 'retry',
  wrong_library: 'storage',
  library_gone: 'storage',
  destination_full: 'retry',
  bad_key: 'storage',
  bad_settings: 'storage',
  unexpected_answer: 'retry',
  destination_fault: 'retry',
  copy_missing: null,
  copy_damaged: null,
  not_backed_up: null,
  no_links: null,
  not_accepted: null,
  unconfirmed: null,

  file_changed: null,
  file_unreadable: 'retry',
  file_gone: 'retry',
  still_being_written: null,
  not_a_photo: null,
  video: null,
  empty: null,
  special_file: null,
  too_large: null,
  not_in_library: null,
  not_watched: 'settings',
  excluded: 'settings',
  link: null,
  duplicate: null,
  not_read_yet: null,
  other_bytes: null,
  no_thumbnail: null,
  file_exists: null,

  folder_offline: null,
  folder_unreadable: 'retry',
  disk_away: null,
  folder_inside_destination: 'settings',
  folder_inside_library: 'settings',
  folder_not_found: 'settings',
  folder_already_watched: null,
  folder_unwritable: null,

  settings_file: 'settings',
  disk_full: 'retry',
  disk_fault: 'retry',
  library_in_use: 'retry',
  library_damaged: 'retry',
  library_unusable: 'retry',
  no_library: 'settings',
  paused: 'resume',
  already_running: null,
  stopped: null,
  no_destination: 'storage',
  internal: 'retry',
};

/** A button beside the sentence says all that is to do. */
const BUTTON_SAYS: ReadonlySet<Cause> = new Set(['unauthorized']);

/** Told by their number already: "3 photos changed". */
const OF_FILES: ReadonlySet<Cause> = new Set([
  'file_changed',
  'file_unreadable',
  'file_gone',
  'still_being_written',
  'too_large',
  'not_accepted',
  'unconfirmed',
  'not_read_yet',
  'bad_key',
]);

/** Where these stand, the photos do not wait: they are left as they are. */
const LEFT_OUT: ReadonlySet<Cause> = new Set([
  'not_a_photo',
  'video',
  'empty',
  'special_file',
  'not_in_library',
  'not_watched',
  'excluded',
  'link',
  'duplicate',
  // They do not wait: what is to do is all that can be done.
  'copy_missing',
  'copy_damaged',
  'not_backed_up',
  'no_links',
  'other_bytes',
  'no_thumbnail',
  'file_exists',
  'folder_already_watched',
  'folder_unwritable',
  // Nobody knows yet whether anything is lost with that disk.
  'disk_fault',
  'already_running',
  'stopped',
  'folder_unreadable',
  'settings_file',
]);

/** What was safe there may be lost with it. */
const GONE: ReadonlySet<Cause> = new Set(['no_bucket', 'library_gone']);

const alone: About = { destination: null, folder: null, count: 1, retryAt: null };

export function causesFrom(phrases: CausePhrases) {
  const wordsOf = (code: Cause, secret: Secret = 'key'): CauseWords =>
    (secret === 'key' ? undefined : phrases.ofSecret[secret][code]) ?? phrases.causes[code];

  function meaning(code: Cause, about: About): Sentence | null {
    if (LEFT_OUT.has(code) || about.count === 0) return null;
    if (GONE.has(code)) return phrases.wereThere(about.count);
    return OF_FILES.has(code) ? phrases.theyWait(about.count) : phrases.photosWait(about.count);
  }

  function beside(code: Cause, about: About): Sentence | null {
    return BUTTON_SAYS.has(code) ? null : (wordsOf(code, about.secret).todo ?? mends(code, about));
  }

  function mends(code: Cause, about: About): Sentence | null {
    return LEFT_OUT.has(code) || GONE.has(code) ? null : phrases.goesOn(about.retryAt);
  }

  return {
    /** A group of photos in Activity: all three parts. */
    problem: (code: Cause, about: About): Sentence =>
      together(
        wordsOf(code, about.secret).happened(about),
        meaning(code, about),
        beside(code, about),
      ),
    /** One photo's, in its panel. */
    photo: (
      code: Cause,
      destination: string,
      retryAt: number | null,
      secret?: Secret,
    ): Sentence => {
      const about = { ...alone, destination, retryAt };
      const { happened, todo } = wordsOf(code, secret);
      return together(happened(about), todo ?? mends(code, about));
    },
    /** A destination's, on its card. */
    destination: (
      code: Cause,
      destination: string,
      waiting: number,
      retryAt: number | null,
      secret?: Secret,
    ): Sentence => {
      const about = { ...alone, destination, count: waiting, retryAt, secret };
      const means = waiting > 0 ? meaning(code, about) : null;
      return together(wordsOf(code, secret).happened(about), means, beside(code, about));
    },
    /** A folder's, where one is chosen. */
    folder: (code: Cause, path: string): Sentence =>
      together(wordsOf(code).happened({ ...alone, folder: path }), wordsOf(code).todo),
    /** A command's. */
    failed: (code: Cause): Sentence => together(wordsOf(code).happened(alone), wordsOf(code).todo),
    remedy: (code: Cause): Remedy => REMEDIES[code],
    /** What the button says that asks for a key, or a token. */
    keyButton: (code: Cause | null, secret: Secret = 'key'): string =>
      (code === 'no_credentials' ? phrases.enterAgain : phrases.enter)[secret],
  };
}
