/** Photos that were chosen, and what can be done with them. */

import type { chosen as english } from '../en/chosen';
import { name, say } from '../sentence';
import { agreeing, clock, count, day, photos } from './amounts';

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
  linksFor: {
    hour: 'Links für 1 Stunde kopieren',
    day: 'Links für 1 Tag kopieren',
    week: 'Links für 7 Tage kopieren',
  },
  linking: say`Frage nach Links…`,
  linked: (many, until) =>
    many === 1
      ? say`1 Link ist in der Zwischenablage. Bis ${day(until)}, ${clock(until)} zeigt er sein Foto allen, die ihn haben. Zurücknehmen lässt er sich nicht.`
      : say`${count(many)} Links sind in der Zwischenablage, einer je Zeile. Bis ${day(until)}, ${clock(until)} zeigt jeder sein Foto allen, die ihn haben. Zurücknehmen lassen sie sich nicht.`,
  withoutLink: (many) =>
    say`${photos(many)} ${agreeing(many, 'hat', 'haben')} keinen: noch nicht sicher in einem Bucket.`,
  noLinks: say`Keines dieser Fotos ist sicher in einem Bucket, also führt noch kein Link zu ihnen.`,
  tooManyLinks: (most) =>
    say`Links gibt es für höchstens ${photos(most)} auf einmal. Wähle weniger aus.`,
  hurried: (many) => say`${photos(many)} ${agreeing(many, 'geht', 'gehen')} jetzt zuerst.`,
  nothingToHurry: say`Keines davon wartet auf das Hochladen.`,
};
