/** Where photos are kept safe: the form, its test, the cards. */

import type { Cause } from '../../backend/types/Cause';
import { coarse } from '../amounts';
import type { Secret } from '../causes';
import type { destinations as english } from '../en/destinations';
import { name, type Piece, type Sentence, say } from '../sentence';
import { ago, agreeing, bytes, duration, photos } from './amounts';

export const destinations: typeof english = {
  kinds: {
    s3: 'S3- oder MinIO-Bucket',
    folder: 'Ordner, Festplatte oder NAS',
    http: 'Ein imgn-Server oder Lambda',
  },
  fields: {
    kind: 'Art des Speicherorts',
    endpoint: 'Adresse',
    endpointExample: 'https://minio.home:9000',
    endpointHint: 'Für Amazon S3 leer lassen.',
    bucket: 'Bucket',
    folder: 'Ordner',
    accessKey: 'Zugriffsschlüssel',
    secretKey: 'Geheimer Schlüssel',
    prefix: 'Ordner im Bucket',
    region: 'Region',
    pathStyle: 'Bucket im Pfad',
    pathStyles: {
      auto: 'Wie es zur Adresse passt',
      path: 'Immer im Pfad',
      host: 'Immer im Hostnamen',
    },
    profile: 'Profil der AWS-Konfiguration',
    caFile: 'Datei deiner eigenen Zertifizierungsstelle',
    url: 'Adresse',
    urlExample: 'http://nas:8080',
    urlHint:
      'Wo imgn-server, Funktionen bei AWS oder das ursprüngliche imgn antworten; mit der Stage, falls es eine gibt.',
    token: 'Token',
    tokenHint: 'Das, mit dem der Server gestartet wurde, falls er eines verlangt.',
    tokenFile: 'Datei mit dem Token',
    user: 'Benutzername',
    password: 'Passwort',
    identityPool: 'Identitätspool von Cognito',
    identityPoolHint:
      'Wer sich anmeldet, bekommt Schlüssel geliehen und legt Fotos in einem eigenen Ordner ab.',
    userPoolClient: 'App-Client des Benutzerpools',
    keyTemplate: 'Wie Fotos dort heißen',
    keyTemplateHint: '{year}/{month}/{filename}',
    layout: 'Wie Fotos dort liegen',
    layouts: {
      library: 'Als imgn-Bibliothek',
      original: 'Gemeinsam mit einem ursprünglichen imgn',
    },
  },
  keysNote: say`Der Schlüssel liegt nur im Schlüsselbund dieses Systems. Lass beide Felder leer, um ein Profil oder AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY zu verwenden.`,
  signInNote: say`Das Passwort liegt nur im Schlüsselbund dieses Systems.`,
  tokenNote: say`Das Token liegt nur im Schlüsselbund dieses Systems. Lass es leer, wo der Server keines verlangt.`,
  secretAgain: {
    key: say`Der Schlüssel liegt nur im Schlüsselbund dieses Systems.`,
    token: say`Das Token liegt nur im Schlüsselbund dieses Systems.`,
    password: say`Das Passwort liegt nur im Schlüsselbund dieses Systems.`,
  },
  secretOfThisRun: {
    key: say`Der Schlüsselbund dieses Systems ist nicht verfügbar: imgn kennt den Schlüssel, bis es beendet wird, und fragt dann noch einmal.`,
    token: say`Der Schlüsselbund dieses Systems ist nicht verfügbar: imgn kennt das Token, bis es beendet wird, und fragt dann noch einmal.`,
    password: say`Der Schlüsselbund dieses Systems ist nicht verfügbar: imgn kennt das Passwort, bis es beendet wird, und fragt dann noch einmal.`,
  },
  testing: say`Frage nach…`,
  amazon: 'Amazon S3',
  bucketAt: (bucket, host) => `${bucket} auf ${host}`,
  bucketName: (bucket, host) => `${bucket} bei ${host}`,

  works: (place, shared) =>
    shared
      ? say`${name(place)} ist erreichbar, und alles funktioniert. Dort liegt schon eine imgn-Bibliothek: Dieser Rechner nutzt sie mit.`
      : say`${name(place)} ist erreichbar, und alles funktioniert.`,
  sizeOnly: say`Dieser Speicher gibt Prüfsummen nicht zurück: Ein Foto gilt anhand seiner Größe als sicher, bis es zurückgelesen ist.`,

  original: say`Das ist ein ursprüngliches imgn. Es kann nichts prüfen, darum liest imgn jedes Foto zurück, bevor es als sicher gilt. Es nimmt nur JPEG und PNG, und eine Bibliothek lässt sich aus ihm nicht wiederherstellen.`,
  shared: say`Ein ursprüngliches imgn nutzt diesen Ort mit. Es nimmt nur JPEG und PNG. Eine Bibliothek lässt sich daraus nicht wiederherstellen: Ursprüngliche Namen, Favoriten und Vorschaubilder liegen dort nicht. Eine Markierung gibt es nicht: Ein Ordner, der leer ist, obwohl Fotos dorthin gingen, gilt als nicht eingehängt, aber ein neu angelegter Bucket sieht aus wie der Ort selbst.`,
  server: say`Das ist ein imgn-server: Er bestätigt die SHA-256 jedes Fotos und macht Vorschaubilder selbst. Favoriten bleiben in dieser Bibliothek.`,
  functions: say`Das sind Funktionen von imgn: Fotos gehen direkt in ihren Bucket, und eines, dessen SHA-256 er nicht zurückgibt, wird zurückgelesen, bevor es als sicher gilt. Favoriten bleiben in dieser Bibliothek.`,
  incomplete: say`Die Liste ist vielleicht unvollständig, denn sie zeigt höchstens 1.000 Dateien. Weitere Fotos sind dort, aber hier nicht zu sehen.`,

  problem: (code, host, bucket, skew, secret) => {
    const at = name(host);
    const tested = testsOf[secret][code] ?? tests[code];
    return tested
      ? tested(at, name(bucket), skew)
      : say`${at} lässt sich so nicht nutzen. Die Details sagen, warum.`;
  },

  title: 'Wo deine Fotos sicher sind',
  none: say`Es ist noch kein Speicherort gewählt. Deine Fotos sind nur auf diesem Rechner.`,
  card: (kept, size) => say`${photos(kept)} hier sicher, ${bytes(size)}`,
  cardOfGone: (kept, size) =>
    say`${photos(kept)} ${agreeing(kept, 'war', 'waren')} hier sicher, ${bytes(size)}`,
  waiting: (waiting) => say`${photos(waiting)} auf dem Weg`,
  checked: (at, now) =>
    at === null ? say`Noch nicht geprüft` : say`Zuletzt geprüft ${ago(at, now)}`,
  states: {
    unknown: 'Noch nicht versucht',
    ready: 'Bereit',
    offline: 'Offline',
    needs_you: 'Braucht dich',
  },
  removeNote: say`Löscht dort nichts.`,
  removed: (gone) => say`${name(gone)} ist aus imgn entfernt. Dort wurde nichts gelöscht.`,
};

type Tested = (at: Piece, bucket: Piece, skew: number) => Sentence;

const tokenTests: Partial<Record<Cause, Tested>> = {
  unauthorized: (at) =>
    say`${at} ist erreichbar, lehnt dieses Token aber ab. Kopiere es noch einmal ganz.`,
  no_credentials: (at) =>
    say`${at} ist erreichbar, verlangt aber ein Token: das, mit dem der Server gestartet wurde.`,
  forbidden: (at) =>
    say`${at} ist erreichbar, lässt imgn aber nicht fragen. Die Details sagen, warum.`,
  redirected: (at) =>
    say`${at} schickt imgn an eine andere Adresse, und dorthin geht das Token nicht mit. Gib die wirkliche Adresse an.`,
  bad_settings: (at) => say`${at} lässt sich so nicht nutzen. Die Details sagen, warum.`,
  unexpected_answer: (at) =>
    say`Unter ${at} antwortet etwas, aber kein imgn-Server. Prüfe Adresse und Port.`,
};

const tests: Partial<Record<Cause, Tested>> = {
  unreachable: (at) =>
    say`${at} antwortet nicht. Prüfe das Netz und die Adresse; ohne Verschlüsselung beginnt sie mit http://.`,
  busy: (at) => say`${at} ist gerade überlastet. Teste in einem Moment noch einmal.`,
  certificate: (at) =>
    say`${at} ist erreichbar, aber dieser Rechner vertraut dem Zertifikat nicht. Gib unter Mehr die Datei deiner eigenen Zertifizierungsstelle an.`,
  unauthorized: (at) =>
    say`${at} ist erreichbar, lehnt diesen Schlüssel aber ab. Prüfe beide Hälften.`,
  no_credentials: (at) =>
    say`${at} braucht einen Schlüssel. Gib ihn hier ein oder setze ihn in der Umgebung.`,
  forbidden: (at, bucket) =>
    say`${at} ist erreichbar, aber der Schlüssel darf nicht in ${bucket} schreiben. Gib ihm das Recht s3:PutObject oder wähle einen anderen Schlüssel.`,
  no_bucket: (at, bucket) =>
    say`${at} ist erreichbar, aber den Bucket ${bucket} gibt es noch nicht.`,
  wrong_region: (at, bucket) =>
    say`${at} ist erreichbar, aber ${bucket} liegt in einer anderen Region. Gib sie unter Mehr an.`,
  clock_skew: (at, _bucket, skew) =>
    say`${at} ist erreichbar, aber die Uhren dort und hier gehen ${apart(skew)} auseinander. Stell die Uhr dieses Rechners.`,
  redirected: (at) =>
    say`${at} schickt imgn an eine andere Adresse, und dorthin geht dein Schlüssel nicht mit. Gib die wirkliche Adresse an.`,
  not_mounted: (_at, bucket) =>
    say`${bucket} ist nicht da. Schließ den Datenträger an oder wähle einen anderen Ordner.`,
  library_gone: (at, bucket) =>
    say`${at} ist erreichbar, aber ${bucket} enthält keine imgn-Bibliothek: geleert, neu angelegt oder ein anderer Speicherort.`,
  wrong_library: (_at, bucket) =>
    say`In ${bucket} liegt eine andere Bibliothek. Wähle einen anderen Speicherort.`,
  destination_full: (_at, bucket) =>
    say`${bucket} ist voll. Schaff dort Platz oder wähle einen anderen Speicherort.`,
  bad_settings: (at) =>
    say`${at} lässt sich so nicht nutzen. Prüfe die Adresse und den Namen des Buckets.`,
  bad_key: (at) => say`${at} nimmt Namen nach dieser Vorlage nicht an. Ändere sie unter Mehr.`,
  unexpected_answer: (at) =>
    say`Unter ${at} antwortet etwas, aber es spricht nicht S3. Prüfe Adresse und Port.`,
  folder_inside_library: (_at, bucket) =>
    say`${bucket} liegt dort, wo imgn seine eigenen Daten hat. Wähle einen anderen Ordner.`,
  folder_inside_destination: (_at, bucket) =>
    say`In ${bucket} liegen Fotos, die gesichert werden sollen; sie kämen in ihren eigenen Ordner. Wähle einen anderen.`,
  folder_not_found: (_at, bucket) => say`${bucket} gibt es nicht. Wähle einen anderen Ordner.`,
  no_access: (_at, bucket) =>
    say`imgn darf in ${bucket} nicht schreiben oder lesen. Erlaube es oder wähle einen anderen Ordner.`,
  destination_fault: (_at, bucket) =>
    say`Der Datenträger von ${bucket} meldet einen eigenen Fehler. Sieh nach ihm oder wähle einen anderen Speicherort.`,
  disk_full: () =>
    say`Die Festplatte dieses Rechners ist voll. Schaff Platz und teste dann noch einmal.`,
};

const passwordTests: Partial<Record<Cause, Tested>> = {
  unauthorized: (at) => say`${at} ist erreichbar, lehnt diesen Namen oder dieses Passwort aber ab.`,
  no_credentials: (at) =>
    say`${at} braucht einen Benutzernamen und ein Passwort. Gib beide hier ein.`,
  forbidden: (at, bucket) =>
    say`${at} ist erreichbar, aber wer sich anmeldet, darf nicht in ${bucket} schreiben. Die Rolle des Identitätspools muss es erlauben.`,
  redirected: (at) =>
    say`${at} schickt imgn an eine andere Adresse, und dorthin geht dein Passwort nicht mit. Gib die wirkliche Adresse an.`,
};

const testsOf: Record<Secret, Partial<Record<Cause, Tested>>> = {
  key: tests,
  token: tokenTests,
  password: passwordTests,
};

function apart(seconds: number): string {
  const { value, unit } = coarse(Math.abs(seconds));
  return duration(value, unit);
}
