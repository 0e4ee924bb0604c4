/** Die Einstellungen: wie jede heißt, was sie bedeutet, und wie man sie noch nennt. */

import type { settings as english } from '../en/settings';
import { name, say } from '../sentence';
import { agreeing, bytes, counted, photos } from './amounts';

export const settings: typeof english = {
  find: 'Einstellung suchen',
  nothing: (query) =>
    say`Keine Einstellung hat mit ${name(query)} zu tun. Versuch es mit einem anderen Wort.`,
  sections: {
    folders: 'Beobachtete Ordner',
    destinations: 'Wo deine Fotos sicher sind',
    cards: 'Karten und Kameras',
    limits: 'Grenzen',
    look: 'Erscheinungsbild und Sprache',
    background: 'Im Hintergrund',
    kept: 'Wo was liegt',
    file: 'Auf einen anderen Rechner',
  },

  patterns: 'Was ausgelassen wird',
  patternsNote: say`Muster für alle beobachteten Ordner, eines je Zeile, wie in .gitignore. Nichts wird gelöscht: Was gesichert ist, bleibt sicher.`,
  folderPatterns: 'Muster',
  folderPatternsFor: (path) => `Muster für ${path}`,
  folderPatternsNote: say`Nur für diesen Ordner, nach den Mustern für alle.`,
  exclude: 'Auslassen',
  excludeExample: 'Thumbnails/',
  include: 'Nichts aufnehmen außer',
  includeHint: 'Leer lassen, um alles aufzunehmen.',
  usePatterns: 'Diese Muster verwenden',
  previewing: say`Werden ausprobiert…`,
  preview: ({ kept, left_out }) =>
    left_out === 0
      ? say`Nichts wird ausgelassen; ${photos(kept)} ${agreeing(kept, 'wird', 'werden')} aufgenommen.`
      : say`${photos(left_out)} ausgelassen; ${photos(kept)} ${agreeing(kept, 'wird', 'werden')} aufgenommen.`,
  previewOffline: (folders) =>
    say`${counted(folders, 'Ordner ist', 'Ordner sind')} nicht da: Gezählt ist, was von ${agreeing(folders, 'ihm', 'ihnen')} bekannt ist.`,
  leftOutBy: (path, pattern) => say`${name(path)} durch ${name(pattern)}`,
  notIncluded: (path) => say`${name(path)} passt auf nichts, was aufgenommen wird`,
  leftOutExamples: 'Ausgelassen, zum Beispiel',
  keptExamples: 'Aufgenommen, zum Beispiel',
  wrongPattern: (pattern) => say`${name(pattern)} ergibt als Muster keinen Sinn.`,
  inUse: say`Diese Muster gelten.`,

  templatePreview: 'So würden deine Fotos heißen',
  templateInvented: 'So würde ein Foto heißen',
  wrongTemplate: say`Das ergibt keinen Namen für ein Foto. Felder sind {year}, {month}, {day}, {path}, {filename}, {stem}, {ext}, {sha256} und {camera}; der letzte Teil muss Fotos unterscheiden.`,
  example: (file, key) => say`${name(file)} → ${name(key)}`,

  edit: 'Bearbeiten',
  editing: (place) => `${place} bearbeiten`,
  placeName: 'Name',
  tokenStays: 'Das Token leer lassen, um es zu behalten.',
  passwordStays: 'Beide leer lassen, um Namen und Passwort zu behalten.',
  keysStay: 'Beide leer lassen, um den Schlüssel zu behalten.',
  saveChanges: 'Änderungen sichern',
  editNote: say`imgn sieht zuerst nach, ob dort dieselbe Bibliothek liegt. Fotos, die schon dort sind, behalten ihre Namen.`,
  changed: (place) => say`${name(place)} ist geändert.`,

  upload: 'Tempo beim Hochladen in Buckets',
  uploadNote: say`Für alles zusammen, was hochlädt. Leer lassen, so schnell es geht.`,
  perSecond: { kB: 'kB je Sekunde', MB: 'MB je Sekunde' },
  thumbnails: 'Platz für Vorschaubilder',
  thumbnailsNote: say`Was am längsten nicht angesehen wurde, weicht und kommt wieder, wenn du hinsiehst.`,
  thumbnailsNow: (size) => say`Jetzt ${bytes(size)}.`,
  sizes: { MB: 'MB', GB: 'GB' },
  unit: 'Einheit',
  wrongAmount: say`Das ist keine Menge. Gib eine Zahl über 0 ein, etwa 2 oder 1,5.`,

  appearance: 'Erscheinungsbild',
  appearanceNote: say`Hell oder dunkel.`,
  appearances: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  languageNote: say`Im Fenster, in der Symbolleiste und in allem, was imgn dir sagt.`,
  languageOfSystem: 'Wie das System',

  places: 'Auf diesem Rechner',
  placesNote: say`Deine Fotos bleiben in ihren eigenen Ordnern. Das hier liegt daneben.`,
  placeKinds: {
    library: 'Die Liste deiner Fotos und was beweist, dass sie sicher sind',
    settings: 'Die Einstellungen',
    originals: 'Fotos, die du hineinziehst',
    thumbnails: 'Vorschaubilder',
  },
  takes: (size) => say`${bytes(size)}`,
  showPlaceOf: (path) => `${path} im Ordner zeigen`,
  copyPathOf: (path) => `${path} kopieren`,

  file: 'Die Einstellungsdatei',
  fileNote: say`Das Fenster und imgn-cli teilen sie. Was du darin änderst, gilt in Sekunden.`,
  openFile: 'Einstellungsdatei öffnen',
  export: 'Mitnehmen',
  exportNote: say`Einstellungen, beobachtete Ordner und Speicherorte in einer Datei. Kein Schlüssel und kein Passwort steht darin.`,
  exportTo: 'Exportieren…',
  exported: (path) => say`Geschrieben nach ${name(path)}.`,
  import: 'Übernehmen',
  importNote: say`Was in so einer Datei steht, ganz oder gar nicht. Was schon da ist, bleibt.`,
  importFrom: 'Importieren…',
  imported: ({ settings_changed, folders, destinations }) => {
    const added = (all: readonly { became: string }[]) =>
      all.filter(({ became }) => became !== 'known').length;
    const [watched, placed] = [added(folders), added(destinations)];
    const held = settings_changed
      ? say`Die Einstellungen der Datei gelten jetzt.`
      : say`Die Einstellungen waren dieselben.`;
    return watched + placed === 0
      ? say`${held} Ordner und Speicherorte waren bekannt.`
      : say`${held} Neu: ${counted(watched, 'Ordner', 'Ordner')} und ${counted(placed, 'Speicherort', 'Speicherorte')}.`;
  },
  importedOffline: (paths) =>
    say`${counted(paths, 'Ordner ist', 'Ordner sind')} noch nicht da und ${agreeing(paths, 'wird', 'werden')} beobachtet, sobald ${agreeing(paths, 'er es ist', 'sie es sind')}.`,
  needsKeys: (place) =>
    say`${name(place)} braucht seinen Schlüssel: Gib ihn unter Speicherorte ein.`,

  also: {
    watched: 'Verzeichnis Pfad beobachten Bilder entfernen hinzufügen was ist ein Foto Videos',
    patterns: 'ausschließen einschließen ignorieren Filter gitignore auslassen überspringen',
    destinations:
      'Speicher Speicherort Sicherung Backup Bucket S3 MinIO NAS Festplatte Server Schlüssel Vorlage bearbeiten Adresse zweiter',
    offer_cards: 'SD Speicherkarte Kamera Handy Telefon dcim USB einlesen anschließen einstecken',
    upload: 'Bandbreite Limit drosseln Geschwindigkeit Netz Leitung',
    thumbnails: 'Cache Zwischenspeicher Größe Plattenplatz Vorschau Limit',
    appearance: 'Thema Design dunkel hell Modus Farbe',
    language: 'Deutsch Englisch English Übersetzung',
    keep_running: 'Tray schließen Fenster beenden Hintergrund',
    at_login: 'Autostart Anmeldung hochfahren',
    notify_when_done: 'Benachrichtigung Meldung',
    notify_when_needed: 'Benachrichtigung Meldung Warnung',
    notify_of_cards: 'Benachrichtigung Meldung SD Speicherkarte Kamera Handy',
    quit: 'beenden schließen Ende',
    places: 'Pfad Ordner Ort Datenbank Bibliothek Originale Vorschaubilder Größe wo kopieren',
    file: 'toml Konfiguration Datei bearbeiten öffnen Editor',
    export: 'sichern umziehen anderer Rechner neu exportieren',
    import: 'laden umziehen anderer Rechner neu importieren wiederherstellen',
  },
};
