/** A sentence for every cause, in German. */

import type { Cause } from '../../backend/types/Cause';
import { type About, type CauseWords, causesFrom } from '../causes';
import { name, type Sentence, say } from '../sentence';
import { actions } from './actions';
import { agreeing, clock, counted } from './amounts';

/** A destination, at the beginning of a sentence. */
const There = (about: About): Sentence =>
  about.destination === null ? say`Der Speicherort` : say`${name(about.destination)}`;
const ofIt = (about: About): Sentence =>
  about.destination === null ? say`des Speicherorts` : say`von ${name(about.destination)}`;
const forIt = (about: About): Sentence =>
  about.destination === null ? say`für den Speicherort` : say`für ${name(about.destination)}`;
const onIt = (about: About): Sentence =>
  about.destination === null ? say`Am Speicherort` : say`Auf ${name(about.destination)}`;
const folder = (about: About): Sentence =>
  about.folder === null ? say`Dieser Ordner` : say`Der Ordner ${name(about.folder)}`;
const theFolder = (about: About): Sentence =>
  about.folder === null ? say`Diesen Ordner` : say`Den Ordner ${name(about.folder)}`;
const inFolder = (about: About): Sentence =>
  about.folder === null ? say`in diesem Ordner` : say`im Ordner ${name(about.folder)}`;
const photos = (about: About): string => counted(about.count, 'Foto', 'Fotos');
const files = (about: About): string => counted(about.count, 'Datei', 'Dateien');
const verb = (about: About, one: string, other: string): string =>
  agreeing(about.count, one, other);

/** Settings are not changed in place: a place is added again, which costs nothing. */
const anew = (how: string): Sentence =>
  say`Entferne ihn unter Speicherorte und füge ihn ${how} neu hinzu; dort wird nichts gelöscht.`;

const again = `Entferne ihn unter Speicherorte und füge ihn neu hinzu. Die Fotos auf diesem Rechner werden wieder hochgeladen, und dort wird nichts gelöscht.`;

const table: Record<Cause, CauseWords> = {
  unreachable: { happened: (about) => say`${There(about)} antwortet nicht.`, todo: null },
  busy: {
    happened: (about) => say`${There(about)} ist gerade überlastet und bittet um Geduld.`,
    todo: null,
  },
  certificate: {
    happened: (about) => say`Dieser Rechner vertraut dem Zertifikat ${ofIt(about)} nicht.`,
    todo: anew('mit der Datei der Stelle, die es ausgestellt hat,'),
  },
  unauthorized: {
    happened: (about) => say`${There(about)} lehnt diesen Schlüssel ab.`,
    todo: say`Gib einen anderen Schlüssel ein.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} braucht den Schlüssel noch einmal.`,
    todo: say`Ein eingegebener Schlüssel wird im Schlüsselbund dieses Systems behalten, wenn es einen gibt.`,
  },
  forbidden: {
    happened: (about) => say`Der Schlüssel ${forIt(about)} darf dort nichts speichern.`,
    todo: say`Gib ihm das Recht s3:PutObject oder gib einen anderen Schlüssel ein.`,
  },
  no_access: {
    happened: (about) => say`${onIt(about)} darf imgn nicht schreiben oder lesen.`,
    todo: say`Erlaube es dort; ein schreibgeschützt eingehängter Datenträger muss neu eingehängt werden.`,
  },
  no_bucket: {
    happened: (about) => say`Der Bucket ${ofIt(about)} ist nicht da.`,
    todo: say`Stimmt sein Name? Wurde er gelöscht, dann auch alles, was darin war: ${again}`,
  },
  wrong_region: {
    happened: (about) =>
      say`${There(about)} liegt in einer anderen Region, als in den Angaben steht.`,
    todo: anew('mit der richtigen Region'),
  },
  clock_skew: {
    happened: (about) =>
      say`Die Uhren dieses Rechners und ${ofIt(about)} gehen zu weit auseinander.`,
    todo: say`Stell die Uhr dieses Rechners und versuch es dann noch einmal.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} schickt imgn an eine andere Adresse, und dorthin geht dein Schlüssel nicht mit.`,
    todo: anew('mit der wirklichen Adresse'),
  },
  not_mounted: {
    happened: (about) =>
      say`Der Datenträger ${ofIt(about)} ist nicht angeschlossen oder nicht eingehängt.`,
    todo: null,
  },
  library_gone: {
    happened: (about) =>
      say`${There(about)} enthält keine imgn-Bibliothek: Er wurde geleert, neu angelegt oder ist ein anderer als zuvor.`,
    todo: say`Dorthin wird jetzt nichts geschrieben. Um ihn wieder zu nutzen: ${again}`,
  },
  wrong_library: {
    happened: (about) => say`${onIt(about)} liegt jetzt eine andere Bibliothek.`,
    todo: say`Schließ den richtigen Datenträger an oder wähle unter Speicherorte einen anderen.`,
  },
  destination_full: {
    happened: (about) => say`${There(about)} ist voll.`,
    todo: say`Schaff dort Platz und versuch es dann noch einmal.`,
  },
  bad_key: {
    happened: (about) =>
      say`${There(about)} nimmt den Namen nicht an, den ${photos(about)} dort ${verb(about, 'bekäme', 'bekämen')}.`,
    todo: anew('mit anderen Namen'),
  },
  bad_settings: {
    happened: (about) => say`Die Angaben ${forIt(about)} stimmen nicht.`,
    todo: anew('mit der richtigen Adresse und dem richtigen Bucket'),
  },
  unexpected_answer: {
    happened: (about) => say`${There(about)} hat etwas geantwortet, das imgn nicht versteht.`,
    todo: null,
  },
  destination_fault: {
    happened: (about) => say`Der Datenträger ${ofIt(about)} meldet einen eigenen Fehler.`,
    todo: say`Sieh nach ihm: Vielleicht geht er kaputt.`,
  },
  copy_missing: {
    happened: (about) => say`${There(about)} hat ${photos(about)} nicht mehr.`,
    todo: say`Aus einer Datei auf diesem Rechner geht es noch einmal hoch. Sonst leg eine andere Kopie in einen beobachteten Ordner.`,
  },
  copy_damaged: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'ist', 'sind')} beschädigt: ${about.destination === null ? 'am Speicherort' : say`auf ${name(about.destination)}`}.`,
    todo: say`Aus einer Datei auf diesem Rechner geht es noch einmal hoch. Sonst leg eine andere Kopie in einen beobachteten Ordner.`,
  },
  not_backed_up: {
    happened: (about) => say`${onIt(about)} ist dieses Foto noch nicht.`,
    todo: say`Einen Link gibt es, sobald es dort sicher ist.`,
  },
  no_links: {
    happened: (about) => say`${There(about)} ist ein Ordner; dafür gibt es keine Links.`,
    todo: say`Links gibt es zu Fotos, die in einem Bucket sicher sind.`,
  },

  file_changed: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'hat', 'haben')} sich beim Hochladen geändert.`,
    todo: null,
  },
  file_unreadable: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'lässt', 'lassen')} sich auf diesem Datenträger nicht lesen.`,
    todo: say`Gib dir das Recht zum Lesen und versuch es dann noch einmal.`,
  },
  file_gone: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'ist nicht mehr da, wo imgn es', 'sind nicht mehr da, wo imgn sie')} gesehen hat.`,
    todo: say`Leg zurück, was du behalten willst; sichere Kopien bleiben sicher.`,
  },
  still_being_written: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'wird', 'werden')} gerade noch geschrieben.`,
    todo: null,
  },
  not_a_photo: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'ist kein Foto und wird', 'sind keine Fotos und werden')} nicht gesichert.`,
    todo: null,
  },
  video: {
    happened: (about) =>
      say`${counted(about.count, 'Video wird', 'Videos werden')} nicht gesichert.`,
    todo: null,
  },
  empty: {
    happened: (about) => say`${files(about)} ${verb(about, 'ist', 'sind')} leer.`,
    todo: null,
  },
  special_file: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'ist eine Pipe oder ein Gerät, kein Foto', 'sind Pipes oder Geräte, keine Fotos')}.`,
    todo: null,
  },
  too_large: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'ist', 'sind')} größer, als der Speicher annimmt.`,
    todo: say`Behalte eine andere Kopie, oder nimm einen Speicher, der größere Dateien annimmt.`,
  },
  not_accepted: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'wird', 'werden')} von diesem Speicher nicht angenommen.`,
    todo: say`Behalte eine andere Kopie, oder nimm einen Speicher, der jedes Foto annimmt.`,
  },
  unconfirmed: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'kam', 'kamen')} an, aber nichts bestätigt, was ankam: nicht gesichert.`,
    todo: say`Nimm einen Speicher, der sich zurücklesen lässt.`,
  },
  not_in_library: {
    happened: () => say`Dieses Foto ist nicht mehr in der Bibliothek.`,
    todo: null,
  },
  not_watched: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'liegt', 'liegen')} in keinem beobachteten Ordner.`,
    todo: say`Lass den Ordner in den Einstellungen beobachten.`,
  },
  excluded: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'wird', 'werden')} durch deine Muster ausgelassen.`,
    todo: say`Ändere die Muster in den Einstellungen.`,
  },
  link: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'ist eine Verknüpfung, der', 'sind Verknüpfungen, denen')} imgn nicht folgt.`,
    todo: null,
  },
  duplicate: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'hat', 'haben')} denselben Inhalt wie ein Foto, das schon da ist.`,
    todo: null,
  },
  not_read_yet: {
    happened: (about) =>
      say`${files(about)} ${verb(about, 'wartet', 'warten')} darauf, gelesen zu werden.`,
    todo: null,
  },
  other_bytes: {
    happened: () => say`Dieses Foto kam mit anderem Inhalt zurück, als dazu vermerkt ist.`,
    todo: say`Sein Name sagt es; sieh nach, ob es ganz ist.`,
  },
  no_thumbnail: {
    happened: (about) =>
      say`Von ${counted(about.count, 'Foto', 'Fotos')} lässt sich kein Vorschaubild machen.`,
    todo: say`Gesichert wird es trotzdem.`,
  },
  file_exists: {
    happened: () => say`Es gibt schon eine Datei dieses Namens, und ersetzt wird nichts.`,
    todo: say`Wähle einen anderen Namen.`,
  },

  folder_offline: {
    happened: (about) =>
      say`${folder(about)} ist gerade nicht da: Vielleicht ist der Datenträger nicht angeschlossen.`,
    todo: null,
  },
  folder_unreadable: {
    happened: (about) =>
      say`imgn sieht nicht, was ${about.count > 1 ? `in ${counted(about.count, 'Ordner', 'Ordnern')}` : inFolder(about)} liegt.`,
    todo: say`Fotos darin werden nicht gesichert. Gib dir das Recht, ihn zu lesen, oder lass ihn mit einem Muster aus, und versuch es dann noch einmal.`,
  },
  disk_away: {
    happened: (about) =>
      say`${photos(about)} ${verb(about, 'liegt', 'liegen')} auf einem Datenträger, der nicht an seinem Platz ist.`,
    todo: say`Schließ ihn wieder an; davon ist nichts verloren.`,
  },
  folder_inside_destination: {
    happened: (about) => say`${folder(about)} liegt dort, wo imgn Kopien aufbewahrt.`,
    todo: say`Wähle einen Ordner außerhalb davon.`,
  },
  folder_inside_library: {
    happened: (about) => say`${folder(about)} liegt dort, wo imgn seine eigenen Daten hat.`,
    todo: say`Wähle einen Ordner außerhalb davon.`,
  },
  folder_not_found: {
    happened: (about) => say`${theFolder(about)} gibt es nicht.`,
    todo: say`Wähle einen anderen Ordner.`,
  },
  folder_already_watched: {
    happened: (about) => say`${folder(about)} wird schon beobachtet.`,
    todo: null,
  },
  folder_unwritable: {
    happened: (about) => say`${folder(about)} lässt sich nicht beschreiben.`,
    todo: say`Erlaube es oder wähle einen anderen Ordner.`,
  },

  settings_file: {
    happened: () => say`In der Einstellungsdatei steht etwas, das imgn nicht versteht.`,
    todo: say`Bis sie in Ordnung ist, gilt, was vorher galt: in den Einstellungen „Einstellungsdatei öffnen“. Die Details nennen die Zeile.`,
  },
  disk_full: {
    happened: () => say`Die Festplatte dieses Rechners ist voll.`,
    todo: say`Schaff Platz und versuch es dann noch einmal.`,
  },
  disk_fault: {
    happened: () => say`Ein Datenträger dieses Rechners meldet einen eigenen Fehler.`,
    todo: say`Sieh bald nach ihm und behalte von allem darauf eine andere Kopie: Vielleicht geht er kaputt.`,
  },
  library_in_use: {
    happened: () => say`Diese Bibliothek ist schon in einem anderen imgn offen.`,
    todo: say`Beende das andere und versuch es dann noch einmal.`,
  },
  library_damaged: {
    happened: () => say`Die Liste deiner Fotos ist beschädigt. Die Fotos selbst sind unversehrt.`,
    todo: say`Versuch es noch einmal; hilft das nicht, leg mit denselben Ordnern und Speicherorten eine neue Bibliothek an.`,
  },
  library_unusable: {
    happened: () =>
      say`imgn darf nicht in den Ordner schreiben, in dem es die Liste deiner Fotos hat.`,
    todo: say`Erlaube es und versuch es dann noch einmal. Die Fotos selbst sind unversehrt.`,
  },
  no_library: {
    happened: () => say`Hier gibt es noch keine Bibliothek.`,
    todo: say`Wähle einen Ordner, dann entsteht sie.`,
  },
  paused: { happened: () => say`Angehalten.`, todo: null },
  already_running: {
    happened: () => say`Das läuft schon.`,
    todo: say`Warte, bis es fertig ist, oder halte es an.`,
  },
  stopped: {
    happened: () => say`Es wurde vor dem Ende angehalten.`,
    todo: say`Beginne es noch einmal: Was getan ist, bleibt getan.`,
  },
  no_destination: {
    happened: () => say`Es ist noch kein Speicherort gewählt.`,
    todo: say`Wähle, wo deine Fotos sicher sein sollen.`,
  },
  internal: {
    happened: () => say`In imgn selbst ist etwas schiefgegangen.`,
    todo: say`Versuch es noch einmal. Nichts ist verloren: Jedes Foto bleibt, wo es ist.`,
  },
};

const ofToken: Partial<Record<Cause, CauseWords>> = {
  unauthorized: {
    happened: (about) => say`${There(about)} lehnt dieses Token ab.`,
    todo: say`Gib ein anderes Token ein.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} verlangt das Token.`,
    todo: say`Ein eingegebenes Token wird im Schlüsselbund dieses Systems behalten, wenn es einen gibt.`,
  },
  forbidden: {
    happened: (about) => say`${There(about)} lässt imgn nicht arbeiten.`,
    todo: say`Die Details sagen, warum; vielleicht hilft ein anderes Token.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} schickt imgn an eine andere Adresse, und dorthin geht dein Token nicht mit.`,
    todo: anew('mit der wirklichen Adresse'),
  },
};

const ofPassword: Partial<Record<Cause, CauseWords>> = {
  unauthorized: {
    happened: (about) => say`${There(about)} lehnt diesen Namen oder dieses Passwort ab.`,
    todo: say`Gib ein anderes Passwort ein.`,
  },
  no_credentials: {
    happened: (about) => say`${There(about)} braucht dein Passwort noch einmal.`,
    todo: say`Ein eingegebenes Passwort wird im Schlüsselbund dieses Systems behalten, wenn es einen gibt.`,
  },
  forbidden: {
    happened: (about) => say`Wer sich ${forIt(about)} anmeldet, darf dort nichts speichern.`,
    todo: say`Die Rolle des Identitätspools muss es erlauben; die Details sagen, warum nicht.`,
  },
  redirected: {
    happened: (about) =>
      say`${There(about)} schickt imgn an eine andere Adresse, und dorthin geht dein Passwort nicht mit.`,
    todo: anew('mit der wirklichen Adresse'),
  },
};

export const causes = causesFrom({
  causes: table,
  ofSecret: { token: ofToken, password: ofPassword },
  photosWait: (count) =>
    say`${counted(count, 'Foto wartet', 'Fotos warten')}; nichts ist verloren.`,
  wereThere: (count) =>
    say`${counted(count, 'Foto ist', 'Fotos sind')} nicht sicher: nur dort gewesen oder auf dem Weg dorthin.`,
  theyWait: (count) => say`${agreeing(count, 'Es wartet', 'Sie warten')}; nichts ist verloren.`,
  goesOn: (retryAt) =>
    retryAt === null
      ? say`Es geht von selbst weiter.`
      : say`Es geht von selbst weiter; der nächste Versuch ist um ${clock(retryAt)}.`,
  enter: { key: actions.enterKey, token: actions.enterToken, password: actions.enterPassword },
  enterAgain: {
    key: actions.enterKeyAgain,
    token: actions.enterTokenAgain,
    password: actions.enterPasswordAgain,
  },
});
