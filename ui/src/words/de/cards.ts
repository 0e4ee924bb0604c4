/** Memory cards and cameras that are plugged in. */

import type { cards as english } from '../en/cards';
import { name, type Sentence, say, together } from '../sentence';
import { agreeing, count, counted, files, photos } from './amounts';

const kept = (copied: number): Sentence =>
  copied === 0
    ? say`Nichts wurde kopiert.`
    : say`${photos(copied)} ${agreeing(copied, 'war', 'waren')} bis dahin kopiert und ${agreeing(copied, 'bleibt', 'bleiben')} in deiner Bibliothek.`;

const stay = (videos: number): Sentence | null =>
  videos === 0
    ? null
    : say`${counted(videos, 'Video bleibt', 'Videos bleiben')} dort: imgn kopiert nur Fotos.`;

export const cards: typeof english = {
  title: 'Karten und Kameras',
  offer: ({ name: card, photos: there, new_at_least, videos }) => {
    const fresh =
      new_at_least === there
        ? say`${agreeing(there, 'und es ist neu', 'alle neu')}`
        : say`mindestens ${count(new_at_least)} davon neu`;
    const known = new_at_least === 0 ? say`vielleicht schon in deiner Bibliothek` : fresh;
    return together(say`${photos(there)} auf ${name(card)}, ${known}.`, stay(videos));
  },
  copy: 'Zu imgn kopieren',
  notNow: 'Jetzt nicht',
  copying: (card, done, total) =>
    total === 0
      ? say`Sehe ${name(card)} durch.`
      : say`Von ${name(card)} wird kopiert: ${count(done)} von ${files(total)}.`,
  stop: 'Anhalten',

  done: ({ name: card, copied, already_here, videos, not_photos }) => {
    const left = together(
      stay(videos),
      not_photos > 0
        ? say`${files(not_photos)} ausgelassen: ${agreeing(not_photos, 'kein Foto', 'keine Fotos')}.`
        : null,
    );
    if (copied === 0) {
      return already_here === 0
        ? together(say`Auf ${name(card)} gab es nichts zu kopieren.`, left)
        : together(
            say`${agreeing(already_here, '', 'Alle ')}${photos(already_here)} auf ${name(card)} ${agreeing(already_here, 'ist', 'sind')} schon in deiner Bibliothek.`,
            left,
          );
    }
    const there =
      already_here > 0
        ? say`${count(already_here)} ${agreeing(already_here, 'war', 'waren')} schon da.`
        : null;
    return together(say`${photos(copied)} von ${name(card)} kopiert.`, there, left);
  },
  stopped: ({ name: card, copied }) =>
    together(say`Das Kopieren von ${name(card)} wurde angehalten.`, kept(copied)),
  takenOut: ({ name: card, copied }) =>
    together(
      say`${name(card)} wurde herausgenommen.`,
      kept(copied),
      say`Steck sie wieder ein, dann bietet imgn den Rest an.`,
    ),
  diskFull: ({ name: card, copied }) =>
    together(
      say`Die Festplatte dieses Rechners ist voll; das Kopieren von ${name(card)} endete.`,
      kept(copied),
      say`Schaffe Platz und kopiere dann noch einmal.`,
    ),
  problems: (wrong) =>
    say`${files(wrong)} ${agreeing(wrong, 'konnte', 'konnten')} nicht kopiert werden.`,
  gone: say`Die Karte wurde herausgenommen, bevor etwas kopiert war.`,

  offerThem: 'Karten und Kameras anbieten',
  offerThemNote: say`Wenn eine mit Fotos angeschlossen wird, fragt imgn, ob sie kopiert werden sollen. Ungefragt wird nichts kopiert.`,
};
