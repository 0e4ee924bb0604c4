/** Activity: what moves, what needs the person, what is done. */

import { name, type Sentence, say } from '../sentence';
import { bytes, clock, count, counted, photos, speed, timeLeft } from './amounts';

export const activity = {
  now: 'Now',
  needsYou: 'Needs you',
  waits: 'Waits by itself',
  doneToday: 'Done today',
  nothingNow: say`Nothing is going up.`,
  nothingDone: say`Nothing yet today.`,
  queued: (queued: number): Sentence => say`${photos(queued)} in the queue behind.`,
  more: (left: number): Sentence => say`and ${photos(left)} more`,
  done: (done: number): string => photos(done),
  doneLine: (destination: string, at: number): Sentence =>
    say`Safe in ${name(destination)} since ${clock(at)}`,
  to: (destination: string): Sentence => say`to ${name(destination)}`,
  moved: (sent: number, size: number): string => `${bytes(sent)} of ${bytes(size)}`,
  checking: 'Being checked',
  speed,
  timeLeft,
  progress: (file: string): string => `${file} going up`,
  examples: (names: readonly string[], all: number): Sentence => {
    const listed = names.flatMap((file, index) =>
      index === 0 ? say`${name(file)}` : say`, ${name(file)}`,
    );
    return all > names.length ? say`${listed} and ${count(all - names.length)} more` : listed;
  },
  leftOut: 'Not backed up',
  leftOutVideos: (videos: number): Sentence =>
    say`${counted(videos, 'video is', 'videos are')} not backed up: imgn backs up photos.`,
  leftOutOthers: (others: number): Sentence =>
    say`${counted(others, 'other file is no photo, or empty.', 'other files are no photos, or empty.')}`,
  leftOutFile: (path: string): Sentence => say`${name(path)}`,
  leftOutEmpty: 'empty',
};
