/** Folders: the first run's question, the settings' list. */

import type { folders as english } from '../en/folders';
import { name, say } from '../sentence';
import { agreeing, bytes, counted, files, photos } from './amounts';

export const folders: typeof english = {
  welcome: 'Deine Fotos, sicher, wo du willst',
  which: 'Welche Ordner?',
  whichNote: say`imgn beobachtet sie. Darin ändert oder löscht es nie etwas.`,
  where: 'Wo sollen sie sicher sein?',
  startNote: say`Die Fotos erscheinen sofort; im Hintergrund wird jedes hochgeladen und geprüft.`,
  startMissing: {
    folders: say`Wähle zuerst einen Ordner.`,
    destination: say`Wähle, wo sie sicher sein sollen, und teste es.`,
  },
  starting: say`Es geht los…`,
  unwatched: say`Ein Ordner lässt sich nicht beobachten; in seiner Zeile steht, warum. Lass ihn weg oder versuch es noch einmal.`,
  looking: say`Zähle…`,
  another: 'Weiterer Ordner',
  path: (path) => say`${name(path)}`,
  found: ({ photos: found, bytes: size, more, excluded, videos }) => {
    const some = more ? 'mehr als ' : '';
    const parts = [
      found === 0 ? 'noch keine Fotos' : `${some}${photos(found)}, ${bytes(size)}`,
      ...(videos > 0 ? [`${counted(videos, 'Video', 'Videos')} nicht gesichert`] : []),
      ...(excluded > 0 ? [`${files(excluded)} durch deine Muster ausgelassen`] : []),
    ];
    return say`${parts.join('; ')}`;
  },

  watched: 'Beobachtete Ordner',
  counts: (here, size) =>
    here === 0 ? say`noch keine Fotos` : say`${photos(here)}, ${bytes(size)}`,
  managed: say`Fotos, die du hier ablegst, werden in diesen Ordner kopiert.`,
  ownLine: (path) => say`${name(path)} darin hat eine eigene Zeile.`,
  leftOut: (paths) =>
    paths.length === 1 && paths[0] !== undefined
      ? say`${name(paths[0])} darin ist ausgenommen: imgn hat dort seine eigenen Daten.`
      : say`${counted(paths.length, 'Ordner', 'Ordner')} darin sind ausgenommen: imgn hat dort seine eigenen Daten.`,
  polling: say`Wird in Abständen durchgesehen, weil das System nichts mehr von selbst meldet.`,
  states: {
    watching: 'Beobachtet',
    scanning: 'Wird gelesen',
    offline: 'Offline',
  },
  removed: (path) => say`${name(path)} wird nicht mehr beobachtet. Gelöscht wurde nichts.`,
  total: ({ photos: here, videos, other_files }) => {
    const left = [
      ...(videos > 0 ? [counted(videos, 'Video', 'Videos')] : []),
      ...(other_files > 0
        ? [videos > 0 ? counted(other_files, 'andere Datei', 'andere Dateien') : files(other_files)]
        : []),
    ];
    if (left.length === 0) return say`${photos(here)}.`;
    const verb = agreeing(videos + other_files, 'wird', 'werden');
    return say`${photos(here)}; ${left.join(' und ')} ${verb} nicht gesichert.`;
  },
  whatIsAPhoto: 'Was ist ein Foto?',
  photoMeans: say`JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC, AVIF, JPEG XL, JPEG 2000 und Kamera-RAW, nach dem Inhalt beurteilt und nicht nach dem Namen. Videos werden noch nicht gesichert.`,
};
