/** Photos that were chosen, and what can be done with them. */

import { name, type Sentence, say } from '../sentence';
import { agreeing, clock, count, day, photos } from './amounts';

export const chosen = {
  count: (many: number): string => `${count(many)} selected`,
  clear: 'Select none',
  select: (file: string): string => `Select ${file}`,
  selectMonth: (month: string): string => `Select all of ${month}`,
  actions: 'What to do with the selected photos',
  favourite: 'Favourite',
  addFavourite: 'Make it a favourite',
  takeFavourite: 'No longer a favourite',
  copy: 'Copy',
  saveAs: 'Save as…',
  showInFolder: 'Show in folder',
  uploadNow: 'Upload now',
  copied: (many: number): Sentence => say`${photos(many)} on the clipboard.`,
  /** Online-only photos have no file to copy. */
  copiedSome: (many: number, left: number): Sentence =>
    say`${photos(many)} on the clipboard; ${count(left)} online only. Save as… brings those.`,
  nothingHere: say`Online only: there is no file on this machine. Save as… brings them.`,
  saving: (done: number, total: number): Sentence =>
    say`Saving ${count(done)} of ${photos(total)}.`,
  saved: (many: number, folder: string): Sentence => say`${photos(many)} saved in ${name(folder)}.`,
  alreadyThere: (many: number): Sentence => say`${photos(many)} lay there already.`,
  notSaved: (many: number): Sentence => say`${photos(many)} could not be saved.`,
  linksFor: {
    hour: 'Copy links for 1 hour',
    day: 'Copy links for 1 day',
    week: 'Copy links for 7 days',
  },
  linking: say`Asking for links…`,
  linked: (many: number, until: number): Sentence =>
    many === 1
      ? say`1 link is on the clipboard. Until ${day(until)}, ${clock(until)} it shows its photo to whoever has it. It cannot be taken back.`
      : say`${count(many)} links are on the clipboard, one a line. Until ${day(until)}, ${clock(until)} each shows its photo to whoever has it. They cannot be taken back.`,
  withoutLink: (many: number): Sentence =>
    say`${photos(many)} ${agreeing(many, 'has', 'have')} none: ${agreeing(many, 'it is', 'they are')} not safe in a bucket.`,
  noLinks: say`None of these photos is safe in a bucket, so there is no link to them yet.`,
  tooManyLinks: (most: number): Sentence =>
    say`Links are made to ${photos(most)} at most at once. Select fewer.`,
  hurried: (many: number): Sentence =>
    say`${photos(many)} ${agreeing(many, 'goes', 'go')} up first.`,
  nothingToHurry: say`None of these waits to go up.`,
};
