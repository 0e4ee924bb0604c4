/** A new computer: a library known again, and photos brought back. */

import type { errands as english } from '../en/errands';
import { name, say } from '../sentence';
import { agreeing, bytes, count, photos } from './amounts';

export const errands: typeof english = {
  have: 'Ich habe schon eine Bibliothek',
  haveNot: 'Ich habe noch keine',
  where: 'Wo ist deine Bibliothek?',
  whereNote: say`imgn kennt danach jedes Foto dort wieder: sein Datum, sein Bild, was dazu geschrieben wurde. Die Fotos bleiben dort, bis du sie hier haben willst.`,
  counting: say`Zähle, was dort ist…`,
  found: (found, size, more) =>
    more
      ? say`Bibliothek gefunden: mehr als ${photos(found)}, ${bytes(size)}.`
      : say`Bibliothek gefunden: ${photos(found)}, ${bytes(size)}.`,
  notFound: say`Dort ist noch keine Bibliothek von imgn. Sieh nach dem Ort oder beginne eine neue.`,
  testFirst: say`Sag, wo sie ist, und teste es.`,
  rebuild: 'Bibliothek neu aufbauen',
  rebuildNote: say`Die Fotos erscheinen, wie sie kommen; danach kannst du sie auch ohne Netz ansehen.`,

  rebuilding: (place, done, total) =>
    total === 0
      ? say`Frage ${name(place)}, was dort ist.`
      : say`Baue aus ${name(place)} neu auf: ${count(done)} von ${photos(total)}.`,
  rebuilt: (place) => say`Alles in ${name(place)} ist hier bekannt.`,
  byName: (unknown) =>
    say`Nur dem Namen nach bekannt: ${photos(unknown)}, weil dort nicht mehr steht.`,
  rebuildStopped: (place) =>
    say`Der Aufbau aus ${name(place)} wurde angehalten. Beim nächsten Mal geht es dort weiter.`,

  restore: 'Fotos zurückholen…',
  restoring: (folder, done, total) =>
    total === 0
      ? say`Sehe nach, was nach ${name(folder)} zurückkommt.`
      : say`Hole nach ${name(folder)} zurück: ${count(done)} von ${photos(total)}.`,
  moved: (done, size) => `${bytes(done)} von ${bytes(size)}`,
  restored: (folder, came, there) =>
    there === 0
      ? say`Nach ${name(folder)} zurückgeholt: ${photos(came)}.`
      : say`Nach ${name(folder)} zurückgeholt: ${photos(came)}; schon da: ${count(there)}.`,
  restoreStopped: (folder) =>
    say`Das Zurückholen nach ${name(folder)} wurde angehalten. Beim nächsten Mal geht es dort weiter.`,
  problems: (wrong) =>
    say`${photos(wrong)} ${agreeing(wrong, 'kam', 'kamen')} nicht so zurück, wie ${agreeing(wrong, 'es war', 'sie waren')}:`,
  moreProblems: (left) => say`und ${photos(left)} mehr`,
  stop: 'Anhalten',
  again: 'Weitermachen',
};
