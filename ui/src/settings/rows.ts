/**
 * Every setting as a row that can be found by what it is called, what it means, and what else people
 * call it, in the language that is spoken.
 */

import { words } from '../words';
import { plain, type Sentence } from '../words/sentence';

export const SECTIONS = {
  folders: ['watched', 'patterns'],
  destinations: ['destinations'],
  cards: ['offer_cards'],
  limits: ['upload', 'thumbnails'],
  look: ['appearance', 'language'],
  background: [
    'keep_running',
    'at_login',
    'notify_when_done',
    'notify_when_needed',
    'notify_of_cards',
    'quit',
  ],
  kept: ['places'],
  file: ['file', 'export', 'import'],
} as const;

export type SectionKey = keyof typeof SECTIONS;
export type RowKey = (typeof SECTIONS)[SectionKey][number];

/** What a row says; the rest is in its section's title and in `also`. */
function said(row: RowKey): readonly (string | Sentence)[] {
  const { settings, background, folders, cards } = words;
  switch (row) {
    case 'watched':
      return [folders.watched, folders.whatIsAPhoto];
    case 'patterns':
      return [settings.patterns, settings.patternsNote, settings.exclude, settings.include];
    case 'destinations':
      return [settings.edit, words.actions.newDestination];
    case 'offer_cards':
      return [cards.offerThem, cards.offerThemNote];
    case 'upload':
      return [settings.upload, settings.uploadNote];
    case 'thumbnails':
      return [settings.thumbnails, settings.thumbnailsNote];
    case 'appearance':
      return [settings.appearance, settings.appearanceNote, ...Object.values(settings.appearances)];
    case 'language':
      return [settings.language, settings.languageNote];
    case 'keep_running':
      return [background.keepRunning, background.keepRunningNote];
    case 'at_login':
      return [background.atLogin, background.atLoginNote];
    case 'notify_when_done':
      return [background.notifyWhenDone, background.notifyWhenDoneNote];
    case 'notify_when_needed':
      return [background.notifyWhenNeeded, background.notifyWhenNeededNote];
    case 'notify_of_cards':
      return [background.notifyOfCards, background.notifyOfCardsNote];
    case 'quit':
      return [background.quit];
    case 'places':
      return [settings.places, settings.placesNote, ...Object.values(settings.placeKinds)];
    case 'file':
      return [settings.file, settings.fileNote, settings.openFile];
    case 'export':
      return [settings.export, settings.exportNote, settings.exportTo];
    case 'import':
      return [settings.import, settings.importNote, settings.importFrom];
  }
}

/** The rows that have to do with all of these words; every row for none. */
export function found(query: string): ReadonlySet<RowKey> {
  const wanted = folded(query).split(/\s+/).filter(Boolean);
  const rows = Object.entries(SECTIONS).flatMap(([section, keys]) =>
    keys.map((row) => [section as SectionKey, row] as const),
  );
  return new Set(
    rows
      .filter(([section, row]) => {
        const texts = [words.settings.sections[section], words.settings.also[row], ...said(row)];
        const all = folded(
          texts.map((text) => (typeof text === 'string' ? text : plain(text))).join(' '),
        );
        return wanted.every((word) => all.includes(word));
      })
      .map(([, row]) => row),
  );
}

/** Without case and accents, as one types while looking. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replaceAll(/\p{M}/gu, '');
}
