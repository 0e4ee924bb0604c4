/** The gallery in a browser. */

import type { Cause } from '../../backend/types/Cause';
import { name, type Sentence, say, together } from '../sentence';
import { agreeing, count, files, photos, within } from './amounts';

export const browser = {
  add: 'Add photos',
  dropHere: say`Add to this gallery`,
  empty: say`Drop photos or folders anywhere on this page, or add some. They appear here at once.`,
  reading: (known: number): Sentence =>
    known === 0 ? say`Reading the gallery.` : say`Reading the gallery: ${photos(known)} so far.`,
  count: (known: number): Sentence => (known === 0 ? say`No photos yet.` : say`${photos(known)}.`),
  going: (ended: number, all: number): Sentence =>
    say`Going up: ${count(ended)} of ${files(all)} done.`,
  ended: (stored: number, duplicates: number, notTaken: number): Sentence =>
    together(
      stored > 0 ? say`${photos(stored)} added.` : null,
      duplicates > 0
        ? say`${photos(duplicates)} ${agreeing(duplicates, 'was', 'were')} in the gallery already.`
        : null,
      notTaken > 0
        ? say`${files(notTaken)} ${agreeing(notTaken, 'was', 'were')} not taken; on this device nothing changed.`
        : null,
    ),
  notTaken: (file: string, why: Cause): Sentence => say`${name(file)}: ${reason(why)}`,
  more: (left: number): Sentence => say`And ${files(left)} more.`,
  save: 'Save',
  saved: (many: number): Sentence => say`Your browser saves ${photos(many)}.`,
  where: 'In this gallery',

  signInTitle: 'This gallery is private',
  signInWhy: {
    days: say`Its owner has a token for you. This browser remembers you for thirty days.`,
    tab: say`Its owner has a token for you. This browser remembers you until you close this tab.`,
  },
  token: 'Token',
  signIn: 'Sign in',
  signOut: 'Sign out',
  anotherToken: say`This is another token. Copy all of it, without blanks, and try again.`,
  notKept: say`This browser keeps no cookie of this page. Allow it, and sign in again.`,
  tooOften: (seconds: number | null): Sentence =>
    seconds === null
      ? say`This was tried too often. Wait a minute, then try again.`
      : say`This was tried too often. Try again ${within(seconds)}.`,
  broken: (why: Cause): Sentence => {
    switch (why) {
      case 'unreachable':
        return say`The gallery does not answer. Your photos there are not affected; check the network.`;
      case 'busy':
        return say`The gallery cannot reach its photos just now. Nothing is lost; it may be a disk that is away.`;
      case 'forbidden':
        return say`The gallery does not let this page ask. Its owner can name this address to it.`;
      default:
        return say`The gallery answered something that this page does not understand. Your photos there are not affected.`;
    }
  },
};

function reason(why: Cause): string {
  switch (why) {
    case 'not_a_photo':
      return 'not a photo.';
    case 'empty':
      return 'an empty file.';
    case 'too_large':
      return 'larger than this gallery takes.';
    case 'not_accepted':
      return 'it claims more pixels than it can hold.';
    case 'bad_key':
      return 'it needs another name.';
    case 'other_bytes':
      return 'it changed on its way. Add it again.';
    case 'file_unreadable':
      return 'this browser cannot read it.';
    case 'destination_full':
      return 'the gallery has no room left.';
    case 'no_access':
      return 'the gallery may not write where its photos are. Its log says why.';
    case 'unauthorized':
      return 'sign in, then add it again.';
    case 'unreachable':
    case 'busy':
      return 'the gallery did not answer. Add it again.';
    default:
      return 'the gallery could not store it. Add it again.';
  }
}
