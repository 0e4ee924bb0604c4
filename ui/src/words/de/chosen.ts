/** Photos that were chosen, and what can be done with them. */

import type { chosen as english } from '../en/chosen';
import { name, say } from '../sentence';
import { count, photos } from './amounts';

export const chosen: typeof english = {
  count: (many) => `${count(many)} ausgewählt`,
  clear: 'Auswahl aufheben',
  select: (file) => `${file} auswählen`,
  selectMonth: (month) => `Alles aus ${month} auswählen`,
  actions: 'Was mit den ausgewählten Fotos geschieht',
  favourite: 'Favorit',
  addFavourite: 'Zum Favoriten machen',
  takeFavourite: 'Kein Favorit mehr',
  copy: 'Kopieren',
  saveAs: 'Speichern unter …',
  showInFolder: 'Im Ordner zeigen',
  uploadNow: 'Jetzt hochladen',
  copied: (many) => say`${photos(many)} in der Zwischenablage.`,
  copiedSome: (many, left) =>
    say`${photos(many)} in der Zwischenablage; ${count(left)} nur online. „Speichern unter …“ holt sie.`,
  nothingHere: say`Nur online: Auf diesem Rechner liegt keine Datei. „Speichern unter …“ holt sie.`,
  saving: (done, total) => say`${count(done)} von ${photos(total)} gespeichert.`,
  saved: (many, folder) => say`${photos(many)} in ${name(folder)} gespeichert.`,
  alreadyThere: (many) => say`${photos(many)} schon dort.`,
  notSaved: (many) => say`${photos(many)} nicht gespeichert.`,
  hurried: (many) => say`Was von ${photos(many)} noch fehlt, geht jetzt zuerst.`,
};
