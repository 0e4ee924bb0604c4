/** Memory cards and cameras that are plugged in. */

import type { CardProgress } from '../../backend/types/CardProgress';
import type { CardView } from '../../backend/types/CardView';
import { name, type Sentence, say, together } from '../sentence';
import { agreeing, count, counted, files, photos } from './amounts';

const kept = (copied: number): Sentence =>
  copied === 0
    ? say`Nothing was copied.`
    : say`${photos(copied)} ${agreeing(copied, 'was', 'were')} copied by then, and ${agreeing(copied, 'stays', 'stay')} in your library.`;

/** They are what a person would miss. */
const stay = (videos: number): Sentence | null =>
  videos === 0
    ? null
    : say`${counted(videos, 'video stays', 'videos stay')} on it: imgn copies photos only.`;

export const cards = {
  title: 'Cards and cameras',
  offer: ({ name: card, photos: there, new_at_least, videos }: CardView): Sentence => {
    const fresh =
      new_at_least === there
        ? say`${agreeing(there, 'which is new', 'all of them new')}`
        : say`at least ${count(new_at_least)} of them new`;
    const known = new_at_least === 0 ? say`which may be in your library already` : fresh;
    return together(say`${name(card)} has ${photos(there)}, ${known}.`, stay(videos));
  },
  copy: 'Copy into imgn',
  notNow: 'Not now',
  copying: (card: string, done: number, total: number): Sentence =>
    total === 0
      ? say`Looking through ${name(card)}.`
      : say`Copying from ${name(card)}: ${count(done)} of ${files(total)}.`,
  stop: 'Stop',

  done: ({ name: card, copied, already_here, videos, not_photos }: CardProgress): Sentence => {
    const left = together(
      stay(videos),
      not_photos > 0
        ? say`${files(not_photos)} left out: not ${agreeing(not_photos, 'a photo', 'photos')}.`
        : null,
    );
    if (copied === 0) {
      return already_here === 0
        ? together(say`There was nothing to copy on ${name(card)}.`, left)
        : together(
            say`${agreeing(already_here, '', 'All ')}${photos(already_here)} on ${name(card)} ${agreeing(already_here, 'is', 'are')} in your library already.`,
            left,
          );
    }
    const there =
      already_here > 0
        ? say`${count(already_here)} ${agreeing(already_here, 'was', 'were')} there already.`
        : null;
    return together(say`${photos(copied)} copied from ${name(card)}.`, there, left);
  },
  stopped: ({ name: card, copied }: CardProgress): Sentence =>
    together(say`Copying from ${name(card)} was stopped.`, kept(copied)),
  takenOut: ({ name: card, copied }: CardProgress): Sentence =>
    together(
      say`${name(card)} was taken out.`,
      kept(copied),
      say`Plug it in again, and imgn offers the rest.`,
    ),
  diskFull: ({ name: card, copied }: CardProgress): Sentence =>
    together(
      say`The disk of this computer is full, so copying from ${name(card)} ended.`,
      kept(copied),
      say`Make room, then copy again.`,
    ),
  problems: (wrong: number): Sentence => say`${files(wrong)} could not be copied.`,
  gone: say`The card was taken out before anything was copied.`,

  offerThem: 'Offer cards and cameras',
  offerThemNote: say`When one with photos is plugged in, imgn asks whether to copy them. Nothing is copied unasked.`,
};
