/** The frame: the rail, the status line, the gallery's own words. */

import type { PhotoState } from '../../backend/types/PhotoState';
import type { Secret } from '../causes';
import { name, plain, type Sentence, say } from '../sentence';
import { ago, count, files, moment, month, photos, speed, timeLeft } from './amounts';

const needs: Record<'one' | 'many', Record<Secret, string>> = {
  one: {
    key: 'needs its key again',
    token: 'wants its token',
    password: 'needs your password again',
  },
  many: {
    key: 'need their keys again',
    token: 'want their tokens',
    password: 'need your passwords again',
  },
};

function inPlaces(places: readonly string[]): Sentence {
  const [only] = places;
  return places.length === 1 && only !== undefined
    ? say`in ${name(only)}`
    : say`in ${count(places.length)} places`;
}

const lastChecked = (checked: number | null, now: number): string =>
  checked === null ? '' : ` Last checked ${ago(checked, now)}.`;

export const frame = {
  app: 'imgn',
  views: {
    photos: 'Photos',
    activity: 'Activity',
    storage: 'Storage',
    compare: 'Compare',
    settings: 'Settings',
  },
  navigation: 'Views',
  statusLine: 'Opens Activity.',

  starting: say`Opening your library.`,
  notOpened: say`Your library is not open.`,
  firstRun: say`Nothing is watched yet.`,
  noPhotos: say`No photos yet. Drop some here.`,
  noDestination: (here: number): Sentence =>
    say`${photos(here)} here, none backed up: no safe place is chosen yet.`,
  reading: (folder: string, here: number): Sentence =>
    say`Reading ${name(folder)}: ${photos(here)} so far.`,
  copying: (done: number, total: number): Sentence =>
    say`Taking in ${count(done)} of ${files(total)}.`,
  offline: (left: number): Sentence =>
    left === 0
      ? say`Offline. Everything is browsable, and nothing waits.`
      : say`Offline. Everything is browsable; ${left === 1 ? '1 photo waits' : `${photos(left)} wait`}.`,
  /** What was typed in an earlier run is gone; null: not the same of each place. */
  secretsAgain: (places: readonly string[], secret: Secret | null, left: number): Sentence => {
    const [only] = places;
    const who: Sentence =
      places.length === 1 && only !== undefined
        ? say`${name(only)} ${needs.one[secret ?? 'key']}`
        : say`${count(places.length)} places ${secret ? needs.many[secret] : 'need their keys or passwords again'}`;
    if (left === 0) return say`${who}; nothing waits.`;
    return say`${who}; ${left === 1 ? '1 photo waits' : `${photos(left)} wait`}.`;
  },
  /** Nothing waits, so nothing else would say it. */
  placesNeedYou: (places: readonly string[]): Sentence => {
    const [only] = places;
    const who: Sentence =
      places.length === 1 && only !== undefined
        ? say`${name(only)} needs you`
        : say`${count(places.length)} places need you`;
    return say`${who}: new photos would not be safe there.`;
  },
  paused: (until: number | null, left: number, now: number): Sentence => {
    const paused =
      until === null ? 'Paused until you say so.' : `Paused until ${moment(until, now)}.`;
    return left === 0
      ? say`${paused} Nothing waits.`
      : say`${paused} ${left === 1 ? '1 photo waits' : `${photos(left)} wait`}.`;
  },
  allSafe: (
    safe: number,
    places: readonly string[],
    checked: number | null,
    now: number,
  ): Sentence => {
    return safe === 1
      ? say`Your photo is safe ${inPlaces(places)}.${lastChecked(checked, now)}`
      : say`All ${photos(safe)} are safe ${inPlaces(places)}.${lastChecked(checked, now)}`;
  },
  /** Others are known that are not on this computer. */
  allHereSafe: (
    safe: number,
    online: number,
    places: readonly string[],
    checked: number | null,
    now: number,
  ): Sentence => {
    const here =
      safe === 1 ? 'The photo on this computer is' : `All ${photos(safe)} on this computer are`;
    return say`${here} safe ${inPlaces(places)}; ${count(online)} more ${online === 1 ? 'is' : 'are'} online only.${lastChecked(checked, now)}`;
  },
  onlineOnly: (online: number): Sentence => say`${photos(online)}, online only.`,
  safe: (safe: number): string => `${count(safe)} safe`,
  going: (going: number): string => `${count(going)} going up`,
  waiting: (waiting: number): string => `${count(waiting)} waiting`,
  needYou: (needing: number): string =>
    needing === 1 ? '1 needs you' : `${count(needing)} need you`,
  upload: (bytesPerSecond: number): string => `↑ ${speed(bytesPerSecond)}`,
  timeLeft,

  month: (value: string | null): string => (value === null ? 'Undated' : month(value)),
  photos,
  timeline: 'Months',
  gallery: 'Photos by month',
  coming: {
    folders: {
      title: 'Your folders are being read',
      lesson: say`The first photos appear in a moment, and go up while you look.`,
    },
    library: {
      title: 'Your library is being fetched',
      lesson: say`The first photos appear in a moment. The originals stay where they are safe; you can browse them all here.`,
    },
  },
  emptyTitle: 'No photos yet',
  emptyBody: say`Drop photos or folders anywhere on this window, or choose a folder to watch. They appear here at once.`,
  brokenTitle: 'Your photos cannot be shown right now',
  tile: (file: string, state: PhotoState): string => `${plain([name(file)])}, ${states[state]}`,
};

/** A photo's state in a word or two. */
export const states: Record<PhotoState, string> = {
  indexed: 'not safe yet',
  queued: 'waits its turn',
  uploading: 'going up',
  verifying: 'being checked',
  backed_up: 'safe',
  waiting: 'waiting',
  failed: 'needs you',
  online_only: 'online only',
};
