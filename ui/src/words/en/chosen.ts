/** Photos that were chosen, and what can be done with them. */

import { name, type Sentence, say } from '../sentence';
import { count, photos } from './amounts';

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
  hurried: (many: number): Sentence => say`What is left of ${photos(many)} goes up first.`,
};
