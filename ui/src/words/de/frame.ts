/** The frame: the rail, the status line, the gallery's own words. */

import type { Secret } from '../causes';
import type { frame as english, states as englishStates } from '../en/frame';
import { name, plain, type Sentence, say } from '../sentence';
import { ago, count, counted, files, moment, month, photos, speed, timeLeft } from './amounts';

const waiting = (value: number): string => counted(value, 'Foto wartet', 'Fotos warten');

/** A photo's state in a word or two. */
export const states: typeof englishStates = {
  indexed: 'noch nicht sicher',
  queued: 'wartet, bis es dran ist',
  uploading: 'wird hochgeladen',
  verifying: 'wird geprüft',
  backed_up: 'sicher',
  waiting: 'wartet',
  failed: 'braucht dich',
  online_only: 'nur online',
};

const needs: Record<'one' | 'many', Record<Secret, string>> = {
  one: {
    key: 'braucht den Schlüssel noch einmal',
    token: 'verlangt das Token',
    password: 'braucht dein Passwort noch einmal',
  },
  many: {
    key: 'brauchen ihre Schlüssel noch einmal',
    token: 'verlangen ihre Token',
    password: 'brauchen deine Passwörter noch einmal',
  },
};

function inPlaces(places: readonly string[]): Sentence {
  const [only] = places;
  return places.length === 1 && only !== undefined
    ? say`auf ${name(only)}`
    : say`an ${count(places.length)} Speicherorten`;
}

const lastChecked = (checked: number | null, now: number): string =>
  checked === null ? '' : ` Zuletzt geprüft ${ago(checked, now)}.`;

export const frame: typeof english = {
  app: 'imgn',
  views: {
    photos: 'Fotos',
    activity: 'Aktivität',
    storage: 'Speicherorte',
    compare: 'Vergleich',
    settings: 'Einstellungen',
  },
  navigation: 'Ansichten',
  statusLine: 'Öffnet Aktivität.',

  starting: say`Deine Bibliothek wird geöffnet.`,
  notOpened: say`Deine Bibliothek ist nicht offen.`,
  firstRun: say`Noch wird nichts beobachtet.`,
  noPhotos: say`Noch keine Fotos. Leg hier welche ab.`,
  noDestination: (here) =>
    say`${photos(here)} hier, keins davon gesichert: Es ist noch kein Speicherort gewählt.`,
  reading: (folder, here) => say`${name(folder)} wird gelesen: bisher ${photos(here)}.`,
  copying: (done, total) => say`${count(done)} von ${files(total)} aufgenommen.`,
  offline: (left) =>
    left === 0
      ? say`Offline. Du kannst alles ansehen, und nichts wartet.`
      : say`Offline. Du kannst alles ansehen; ${waiting(left)}.`,
  secretsAgain: (places, secret, left) => {
    const [only] = places;
    const who: Sentence =
      places.length === 1 && only !== undefined
        ? say`${name(only)} ${needs.one[secret ?? 'key']}`
        : say`${count(places.length)} Speicherorte ${secret ? needs.many[secret] : 'brauchen Schlüssel oder Passwörter noch einmal'}`;
    return left === 0 ? say`${who}; nichts wartet.` : say`${who}; ${waiting(left)}.`;
  },
  placesNeedYou: (places) => {
    const [only] = places;
    const who: Sentence =
      places.length === 1 && only !== undefined
        ? say`${name(only)} braucht dich`
        : say`${count(places.length)} Speicherorte brauchen dich`;
    return say`${who}: Neue Fotos wären dort nicht sicher.`;
  },
  paused: (until, left, now) => {
    const paused =
      until === null ? 'Angehalten, bis du fortsetzt.' : `Angehalten bis ${moment(until, now)}.`;
    return left === 0 ? say`${paused} Nichts wartet.` : say`${paused} ${waiting(left)}.`;
  },
  allSafe: (safe, places, checked, now) =>
    safe === 1
      ? say`Dein Foto ist sicher ${inPlaces(places)}.${lastChecked(checked, now)}`
      : say`Alle ${photos(safe)} sind sicher ${inPlaces(places)}.${lastChecked(checked, now)}`,
  allHereSafe: (safe, online, places, checked, now) => {
    const here =
      safe === 1
        ? 'Das Foto auf diesem Rechner ist'
        : `Alle ${photos(safe)} auf diesem Rechner sind`;
    return say`${here} sicher ${inPlaces(places)}; ${counted(online, 'weiteres ist', 'weitere sind')} nur online.${lastChecked(checked, now)}`;
  },
  onlineOnly: (online) => say`${photos(online)}, nur online.`,
  safe: (safe) => `${count(safe)} sicher`,
  going: (going) => `${count(going)} auf dem Weg`,
  waiting: (left) => counted(left, 'wartet', 'warten'),
  needYou: (needing) => counted(needing, 'braucht dich', 'brauchen dich'),
  upload: (bytesPerSecond) => `↑ ${speed(bytesPerSecond)}`,
  timeLeft,

  month: (value) => (value === null ? 'Ohne Datum' : month(value)),
  photos,
  timeline: 'Monate',
  gallery: 'Fotos nach Monat',
  coming: {
    folders: {
      title: 'Deine Ordner werden gelesen',
      lesson: say`Die ersten Fotos erscheinen gleich und werden gesichert, während du zusiehst.`,
    },
    library: {
      title: 'Deine Bibliothek wird geholt',
      lesson: say`Die ersten Fotos erscheinen gleich. Die Originale bleiben, wo sie sicher sind; ansehen kannst du alles hier.`,
    },
  },
  emptyTitle: 'Noch keine Fotos',
  emptyBody: say`Leg Fotos oder Ordner irgendwo auf diesem Fenster ab oder wähle einen Ordner zum Beobachten. Sie erscheinen sofort hier.`,
  brokenTitle: 'Deine Fotos lassen sich gerade nicht anzeigen',
  tile: (file, state) => `${plain([name(file)])}, ${states[state]}`,
};
