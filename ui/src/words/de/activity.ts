/** Activity: what moves, what needs the person, what is done. */

import type { activity as english } from '../en/activity';
import { name, say } from '../sentence';
import { bytes, clock, count, counted, photos, speed, timeLeft } from './amounts';

export const activity: typeof english = {
  now: 'Jetzt',
  needsYou: 'Braucht dich',
  waits: 'Geht von selbst weiter',
  doneToday: 'Heute fertig',
  nothingNow: say`Gerade wird nichts hochgeladen.`,
  nothingDone: say`Heute noch nichts.`,
  queued: (queued) => say`Dahinter noch ${photos(queued)}.`,
  more: (left) => say`und ${photos(left)} mehr`,
  done: (done) => photos(done),
  doneLine: (destination, at) => say`Sicher auf ${name(destination)} seit ${clock(at)}`,
  to: (destination) => say`nach ${name(destination)}`,
  moved: (sent, size) => `${bytes(sent)} von ${bytes(size)}`,
  checking: 'Wird geprüft',
  speed,
  timeLeft,
  progress: (file) => `${file} wird hochgeladen`,
  examples: (names, all) => {
    const listed = names.flatMap((file, index) =>
      index === 0 ? say`${name(file)}` : say`, ${name(file)}`,
    );
    return all > names.length ? say`${listed} und ${count(all - names.length)} weitere` : listed;
  },
  leftOut: 'Nicht gesichert',
  leftOutVideos: (videos) =>
    say`${counted(videos, 'Video wird', 'Videos werden')} nicht gesichert: imgn sichert Fotos.`,
  leftOutOthers: (others) =>
    say`${counted(others, 'andere Datei ist kein Foto oder leer.', 'andere Dateien sind keine Fotos oder leer.')}`,
  leftOutFile: (path) => say`${name(path)}`,
  leftOutEmpty: 'leer',
};
