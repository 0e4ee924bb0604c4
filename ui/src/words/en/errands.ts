/** A new computer: a library known again, and photos brought back. */

import { name, type Sentence, say } from '../sentence';
import { bytes, count, photos } from './amounts';

export const errands = {
  have: 'I already have a library',
  haveNot: 'I have none yet',
  where: 'Where is your library?',
  whereNote: say`imgn knows every photo there again: its date, its picture, what was written about it. The photos stay there until you want them here.`,
  counting: say`Counting what is there…`,
  found: (found: number, size: number, more: boolean): Sentence =>
    more
      ? say`Found a library: more than ${photos(found)}, ${bytes(size)}.`
      : say`Found a library: ${photos(found)}, ${bytes(size)}.`,
  notFound: say`There is no imgn library yet. Look at the place, or begin a new one.`,
  testFirst: say`Say where it is, and test it.`,
  rebuild: 'Rebuild the library',
  rebuildNote: say`Photos appear as they come; you can browse them without a network afterwards.`,

  rebuilding: (place: string, done: number, total: number): Sentence =>
    total === 0
      ? say`Asking ${name(place)} what it has.`
      : say`Rebuilding from ${name(place)}: ${count(done)} of ${photos(total)}.`,
  rebuilt: (place: string): Sentence => say`Everything in ${name(place)} is known here.`,
  byName: (unknown: number): Sentence =>
    say`${photos(unknown)} known by name only, since nothing more is kept there.`,
  rebuildStopped: (place: string): Sentence =>
    say`Rebuilding from ${name(place)} was stopped. The next time, it goes on from there.`,

  restore: 'Restore photos…',
  restoring: (folder: string, done: number, total: number): Sentence =>
    total === 0
      ? say`Looking what comes back into ${name(folder)}.`
      : say`Restoring into ${name(folder)}: ${count(done)} of ${photos(total)}.`,
  moved: (done: number, size: number): string => `${bytes(done)} of ${bytes(size)}`,
  restored: (folder: string, came: number, there: number): Sentence =>
    there === 0
      ? say`${photos(came)} came back into ${name(folder)}.`
      : say`${photos(came)} came back into ${name(folder)}; ${count(there)} had been there.`,
  restoreStopped: (folder: string): Sentence =>
    say`Restoring into ${name(folder)} was stopped. The next time, it goes on from there.`,
  problems: (wrong: number): Sentence =>
    say`${photos(wrong)} could not be restored as ${wrong === 1 ? 'it was' : 'they were'}:`,
  moreProblems: (left: number): Sentence => say`and ${photos(left)} more`,
  stop: 'Stop',
  again: 'Go on',
};
