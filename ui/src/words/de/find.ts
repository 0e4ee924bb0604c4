/** Looking for photos: the search field, filters, and what was found. */

import type { find as english } from '../en/find';
import { name, say } from '../sentence';
import { photos, span } from './amounts';

export const find: typeof english = {
  search: 'Deine Fotos durchsuchen',
  example: 'See, Juni 2019, X100V',
  clear: 'Suche leeren',
  filter: 'Filter',
  filters: 'Filter',
  states: {
    not_safe: 'Noch nicht sicher',
    needs_you: 'Braucht dich',
    online_only: 'Nur online',
  },
  state: 'Zustand',
  favourites: 'Favoriten',
  format: 'Format',
  unreadable: 'Nicht lesbar',
  folder: 'Ordner',
  everywhere: 'Alle Ordner',
  within: (folder) => `Ordner in ${folder}`,
  days: (days) => span(days),
  takeOff: (chip) => `Wegnehmen: ${chip}`,
  found: (count) => `${photos(count)} gefunden`,
  nothing: 'Nichts gefunden',
  nothingFrom: (days) => say`Kein Foto ist von ${days}.`,
  nothingOnDays: (typed) =>
    say`In deinen Worten steht ein Datum. In Anführungszeichen wird „${name(typed)}“ in Namen, Orten und Bildtexten gesucht.`,
  nothingByWords: say`Jedes deiner Wörter muss ein Wort im Namen, in der Kamera, im Ordner oder im Bildtext beginnen. Mit weniger Wörtern findet sich mehr.`,
  nothingByFilters: say`Kein Foto passt zu allen Filtern. Nimm einen weg, um mehr zu sehen.`,
  showAll: 'Alle Fotos zeigen',
};
