/**
 * A sentence for every cause: what happened · what it means for the photos · what to do.
 */

import type { Cause } from '../backend/types/Cause';
import { actions } from './actions';
import { agreeing, clock, counted } from './amounts';
import { name, type Piece, type Sentence, say, together } from './sentence';

/** What one button can do about it. */
export type Remedy = 'retry' | 'keys' | 'storage' | 'settings' | 'resume' | null;

export interface About {
  readonly destination: string | null;
  readonly folder: string | null;
  /** Photos (or files) that it concerns. */
  readonly count: number;
  readonly retryAt: number | null;
}

interface Words {
  readonly happened: (about: About) => Sentence;
  /** What the person does; null: it mends itself. */
  readonly todo: Sentence | null;
  readonly remedy: Remedy;
}

const itself: Pick<Words, 'todo' | 'remedy'> = { todo: null, remedy: 'retry' };

/** Of a destination. */
const there = (about: About): Piece =>
  about.destination === null ? 'the destination' : name(about.destination);
const There = (about: About): Piece =>
  about.destination === null ? 'The destination' : name(about.destination);
/** Of a folder. */
const folder = (about: About): Sentence =>
  about.folder === null ? say`This folder` : say`The folder ${name(about.folder)}`;
const files = (about: About): string => counted(about.count, 'photo', 'photos');
const other = (about: About): string => counted(about.count, 'file', 'files');
const are = (about: About): string => agreeing(about.count, 'is', 'are');

/** Settings are not changed in place: a place is added again, which costs nothing. */
const anew = (how: string): Sentence =>
  say`Remove it in Storage and add it again ${how}; nothing is deleted there.`;

const table: Record<Cause, Words> = {
  unreachable: { happened: (about) => say`${There(about)} does not answer.`, ...itself },
  busy: { happened: (about) => say`${There(about)} is busy and asks for patience.`, ...itself },
  certificate: {
    happened: (about) =>
      say`This machine does not trust the certificate that ${there(about)} shows.`,
    todo: anew('with the file of the authority that signed it'),
    remedy: 'storage',
  },
  unauthorized: {
    happened: (about) => say`${There(about)} refuses this key.`,
    todo: say`Enter another key.`,
    remedy: 'keys',
  },
  no_credentials: {
    happened: (about) => say`${There(about)} needs its key again.`,
    todo: say`imgn keeps a typed key for one run only, and writes it nowhere.`,
    remedy: 'keys',
  },
  forbidden: {
    happened: (about) => say`The key for ${there(about)} has no right to write there.`,
    todo: say`Give it s3:PutObject, or enter another key.`,
    remedy: 'keys',
  },
  no_bucket: {
    happened: (about) => say`The bucket of ${there(about)} is not there.`,
    todo: say`Make the bucket again, or choose another one.`,
    remedy: 'storage',
  },
  wrong_region: {
    happened: (about) => say`${There(about)} lies in another region than its settings say.`,
    todo: anew('with the right region'),
    remedy: 'storage',
  },
  clock_skew: {
    happened: (about) => say`The clocks of this machine and of ${there(about)} are too far apart.`,
    todo: say`Set this machine's clock, then try again.`,
    remedy: 'retry',
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} sends imgn to another address, and your key does not follow.`,
    todo: anew('with the address that the store really has'),
    remedy: 'storage',
  },
  not_mounted: {
    happened: (about) => say`The disk of ${there(about)} is not plugged in or not mounted.`,
    ...itself,
  },
  wrong_library: {
    happened: (about) => say`What lies at ${there(about)} now is another library.`,
    todo: say`Plug in the right disk, or choose another place in Storage.`,
    remedy: 'storage',
  },
  destination_full: {
    happened: (about) => say`${There(about)} is full.`,
    todo: say`Make room there, then try again.`,
    remedy: 'retry',
  },
  bad_key: {
    happened: (about) =>
      say`${There(about)} does not take the name that ${files(about)} would get there.`,
    todo: anew('with other names'),
    remedy: 'storage',
  },
  bad_settings: {
    happened: (about) => say`The settings of ${there(about)} do not work.`,
    todo: anew('with the right address and bucket'),
    remedy: 'storage',
  },
  unexpected_answer: {
    happened: (about) => say`${There(about)} gave an answer that imgn does not understand.`,
    ...itself,
  },

  file_changed: {
    happened: (about) => say`${files(about)} changed while going up.`,
    todo: null,
    remedy: null,
  },
  file_unreadable: {
    happened: (about) => say`${files(about)} cannot be read from this disk.`,
    todo: say`Allow yourself to read it, then try again.`,
    remedy: 'retry',
  },
  file_gone: {
    happened: (about) => say`${files(about)} ${are(about)} no longer where imgn saw them.`,
    todo: say`Put them back, if you want them kept; copies that are safe stay safe.`,
    remedy: 'retry',
  },
  still_being_written: {
    happened: (about) => say`${files(about)} ${are(about)} still being written.`,
    todo: null,
    remedy: null,
  },
  not_a_photo: {
    happened: (about) => say`${other(about)} ${are(about)} no photos, and not backed up.`,
    todo: null,
    remedy: null,
  },
  video: {
    happened: (about) => say`${counted(about.count, 'video is', 'videos are')} not backed up.`,
    todo: null,
    remedy: null,
  },
  empty: {
    happened: (about) => say`${other(about)} ${agreeing(about.count, 'is', 'are')} empty.`,
    todo: null,
    remedy: null,
  },
  special_file: {
    happened: (about) => say`${other(about)} ${are(about)} pipes or devices, not photos.`,
    todo: null,
    remedy: null,
  },
  too_large: {
    happened: (about) => say`${files(about)} ${are(about)} larger than 5 GB.`,
    todo: say`Keep another copy until imgn can send photos of this size.`,
    remedy: null,
  },
  not_in_library: {
    happened: () => say`This photo is no longer in the library.`,
    todo: null,
    remedy: null,
  },

  folder_offline: {
    happened: (about) => say`${folder(about)} is not there now: its disk may not be plugged in.`,
    todo: null,
    remedy: null,
  },
  disk_away: {
    happened: (about) => say`${files(about)} ${are(about)} on a disk that is not in its place.`,
    todo: say`Plug it in again; nothing of it is lost.`,
    remedy: null,
  },
  folder_inside_destination: {
    happened: (about) => say`${folder(about)} lies in a place where imgn keeps copies.`,
    todo: say`Choose a folder outside of it.`,
    remedy: 'settings',
  },
  folder_inside_library: {
    happened: (about) => say`${folder(about)} lies where imgn keeps its own things.`,
    todo: say`Choose a folder outside of it.`,
    remedy: 'settings',
  },
  folder_not_found: {
    happened: (about) => say`${folder(about)} is not there.`,
    todo: say`Choose another folder.`,
    remedy: 'settings',
  },
  folder_already_watched: {
    happened: (about) => say`${folder(about)} is watched already.`,
    todo: null,
    remedy: null,
  },

  disk_full: {
    happened: () => say`This machine's disk is full.`,
    todo: say`Make room, then try again.`,
    remedy: 'retry',
  },
  library_in_use: {
    happened: () => say`Another imgn has this library open.`,
    todo: say`Close the other one, then try again.`,
    remedy: 'retry',
  },
  library_damaged: {
    happened: () => say`The list of your photos is damaged. The photos themselves are untouched.`,
    todo: say`Try again; if it stays, begin a new library over the same folders and places.`,
    remedy: 'retry',
  },
  library_unusable: {
    happened: () => say`imgn cannot write into the folder where it keeps the list of your photos.`,
    todo: say`Allow it, then try again. The photos themselves are untouched.`,
    remedy: 'retry',
  },
  no_library: {
    happened: () => say`There is no library here yet.`,
    todo: say`Choose a folder to watch, and it begins.`,
    remedy: 'settings',
  },
  paused: { happened: () => say`Paused.`, todo: null, remedy: 'resume' },
  no_destination: {
    happened: () => say`No safe place is chosen yet.`,
    todo: say`Choose where your photos should be safe.`,
    remedy: 'storage',
  },
  internal: {
    happened: () => say`Something in imgn itself went wrong.`,
    todo: say`Try again. Nothing is lost: every photo stays where it is.`,
    remedy: 'retry',
  },
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
  'bad_key',
]);

/** Where these stand, the photos do not wait: they are left as they are. */
const LEFT_OUT: ReadonlySet<Cause> = new Set([
  'not_a_photo',
  'video',
  'empty',
  'special_file',
  'not_in_library',
  'folder_already_watched',
]);

const alone: About = { destination: null, folder: null, count: 1, retryAt: null };

export const causes = {
  /** A group of photos in Activity: all three parts. */
  problem: (code: Cause, about: About): Sentence => {
    return together(table[code].happened(about), meaning(code, about), beside(code, about));
  },
  /** One photo's, in its panel. */
  photo: (code: Cause, destination: string, retryAt: number | null): Sentence => {
    const about = { ...alone, destination, retryAt };
    return together(table[code].happened(about), table[code].todo ?? mends(code, about));
  },
  /** A destination's, on its card. */
  destination: (
    code: Cause,
    destination: string,
    waiting: number,
    retryAt: number | null,
  ): Sentence => {
    const about = { ...alone, destination, count: waiting, retryAt };
    const means = waiting > 0 ? meaning(code, about) : null;
    return together(table[code].happened(about), means, beside(code, about));
  },
  /** A folder's, where one is chosen. */
  folder: (code: Cause, path: string): Sentence => {
    const about = { ...alone, folder: path };
    return together(table[code].happened(about), table[code].todo);
  },
  /** A command's. */
  failed: (code: Cause): Sentence => together(table[code].happened(alone), table[code].todo),
  remedy: (code: Cause): Remedy => table[code].remedy,
  /** What the button says that asks for a key. */
  keyButton: (code: Cause | null): string =>
    code === 'no_credentials' ? actions.enterKeyAgain : actions.enterKey,
} as const;

function meaning(code: Cause, about: About): Sentence | null {
  if (LEFT_OUT.has(code) || about.count === 0) return null;
  if (OF_FILES.has(code)) {
    return say`${agreeing(about.count, 'It waits', 'They wait')}; nothing is lost.`;
  }
  if (about.count === 1) return say`1 photo waits; nothing is lost.`;
  return say`${files(about)} wait; nothing is lost.`;
}

function beside(code: Cause, about: About): Sentence | null {
  if (BUTTON_SAYS.has(code)) return null;
  return table[code].todo ?? mends(code, about);
}

function mends(code: Cause, { retryAt }: About): Sentence | null {
  if (LEFT_OUT.has(code)) return null;
  return retryAt === null
    ? say`It goes on by itself.`
    : say`It goes on by itself; the next try is at ${clock(retryAt)}.`;
}
