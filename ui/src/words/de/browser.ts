/** The gallery in a browser. */

import type { Cause } from '../../backend/types/Cause';
import type { browser as english } from '../en/browser';
import { name, type Sentence, say, together } from '../sentence';
import { agreeing, count, files, photos, within } from './amounts';

export const browser: typeof english = {
  add: 'Fotos hinzufügen',
  dropHere: say`Zu dieser Galerie hinzufügen`,
  empty: say`Zieh Fotos oder Ordner auf diese Seite, oder füge welche hinzu. Sie erscheinen sofort hier.`,
  reading: (known: number): Sentence =>
    known === 0
      ? say`Die Galerie wird gelesen.`
      : say`Die Galerie wird gelesen: bisher ${photos(known)}.`,
  count: (known: number): Sentence =>
    known === 0 ? say`Noch keine Fotos.` : say`${photos(known)}.`,
  going: (ended: number, all: number): Sentence =>
    say`Hochladen: ${count(ended)} von ${files(all)} fertig.`,
  ended: (stored: number, duplicates: number, notTaken: number): Sentence =>
    together(
      stored > 0 ? say`${photos(stored)} hinzugefügt.` : null,
      duplicates > 0
        ? say`${photos(duplicates)} ${agreeing(duplicates, 'war', 'waren')} schon in der Galerie.`
        : null,
      notTaken > 0
        ? say`${files(notTaken)} ${agreeing(notTaken, 'wurde', 'wurden')} nicht angenommen; auf diesem Gerät hat sich nichts geändert.`
        : null,
    ),
  notTaken: (file: string, why: Cause): Sentence => say`${name(file)}: ${reason(why)}`,
  more: (left: number): Sentence => say`Und ${files(left)} mehr.`,
  save: 'Speichern',
  saved: (many: number): Sentence => say`Dein Browser speichert ${photos(many)}.`,
  where: 'In dieser Galerie',

  signInTitle: 'Diese Galerie ist privat',
  signInWhy: {
    days: say`Wem sie gehört, hat ein Token für dich. Dieser Browser merkt sich dich dreißig Tage lang.`,
    tab: say`Wem sie gehört, hat ein Token für dich. Dieser Browser merkt sich dich, bis du diesen Tab schließt.`,
  },
  token: 'Zugangs-Token',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  anotherToken: say`Das ist ein anderes Token. Kopier es ganz, ohne Leerzeichen, und versuch es noch einmal.`,
  notKept: say`Dieser Browser behält kein Cookie dieser Seite. Erlaub es, und melde dich noch einmal an.`,
  tooOften: (seconds: number | null): Sentence =>
    seconds === null
      ? say`Das wurde zu oft versucht. Warte eine Minute, und versuch es noch einmal.`
      : say`Das wurde zu oft versucht. Versuch es ${within(seconds)} noch einmal.`,
  broken: (why: Cause): Sentence => {
    switch (why) {
      case 'unreachable':
        return say`Die Galerie antwortet nicht. Deinen Fotos dort geschieht nichts; prüf das Netz.`;
      case 'busy':
        return say`Die Galerie erreicht ihre Fotos gerade nicht. Nichts ist verloren; vielleicht fehlt dort ein Laufwerk.`;
      case 'forbidden':
        return say`Die Galerie lässt diese Seite nicht fragen. Wem sie gehört, kann ihr diese Adresse nennen.`;
      default:
        return say`Die Galerie hat etwas geantwortet, das diese Seite nicht versteht. Deinen Fotos dort geschieht nichts.`;
    }
  },
};

function reason(why: Cause): string {
  switch (why) {
    case 'not_a_photo':
      return 'kein Foto.';
    case 'empty':
      return 'eine leere Datei.';
    case 'too_large':
      return 'größer, als diese Galerie annimmt.';
    case 'not_accepted':
      return 'behauptet mehr Pixel, als die Datei enthalten kann.';
    case 'bad_key':
      return 'braucht einen anderen Namen.';
    case 'other_bytes':
      return 'hat sich unterwegs geändert. Füge die Datei noch einmal hinzu.';
    case 'file_unreadable':
      return 'dieser Browser kann die Datei nicht lesen.';
    case 'destination_full':
      return 'die Galerie hat keinen Platz mehr.';
    case 'no_access':
      return 'die Galerie darf dort nicht schreiben, wo ihre Fotos sind. Warum, steht in deren Protokoll.';
    case 'unauthorized':
      return 'melde dich an, und füge die Datei noch einmal hinzu.';
    case 'unreachable':
    case 'busy':
      return 'die Galerie hat nicht geantwortet. Füge die Datei noch einmal hinzu.';
    default:
      return 'die Galerie konnte die Datei nicht speichern. Füge sie noch einmal hinzu.';
  }
}
