/** Checks of a place: what was gone over, what was examined. */

import type { checks as english } from '../en/checks';
import { name, say, together } from '../sentence';
import { ago, bytes, count, counted, photos } from './amounts';

const putAgain = (derived: number) =>
  say`${counted(derived, 'Begleitdatei oder Vorschaubild fehlte oder war beschädigt und wird', 'Begleitdateien oder Vorschaubilder fehlten oder waren beschädigt und werden')} hier neu abgelegt.`;

export const checks: typeof english = {
  progress: (done, total) => `${count(done)} von ${photos(total)} geprüft`,
  verified: (at, now) => say`alle Fotos durchgesehen ${ago(at, now)}`,
  result: ({ copies, right, read, bytes_read, missing, damaged, derived, stopped }) => {
    const back = read > 0 ? say`${photos(read)} zurückgelesen, ${bytes(bytes_read)}.` : null;
    const beside = derived > 0 ? putAgain(derived) : null;
    if (stopped)
      return together(
        say`Abgebrochen. Die nächste Prüfung beginnt mit dem, was diese nicht erreicht hat.`,
        back,
        beside,
      );
    if (copies === 0) return say`Hier liegt noch kein Foto.`;
    if (missing + damaged === 0)
      return together(
        say`${counted(copies, 'Foto ist', 'Fotos sind')} hier, und unversehrt.`,
        back,
        beside,
      );
    return together(
      say`${count(right)} von ${photos(copies)} unversehrt, ${count(missing)} verschwunden, ${count(damaged)} beschädigt.`,
      back,
      beside,
    );
  },
  wrong: (copy) => {
    const happened =
      copy.what === 'missing'
        ? say`${name(copy.name)} ist dort nicht mehr.`
        : say`${name(copy.name)} ist dort beschädigt.`;
    return together(
      happened,
      copy.goes_up_again
        ? say`Es geht von selbst noch einmal hoch.`
        : say`Keine Datei auf diesem Rechner hat seinen Inhalt. Wenn du eine andere Kopie hast, leg sie in einen beobachteten Ordner.`,
    );
  },
  more: (left) => say`und ${photos(left)} mehr`,

  examining: say`Wird untersucht…`,
  examined: (at, now) => say`Untersucht ${ago(at, now)}`,
  well: (fine) => say`${counted(fine, 'Prüfung ist', 'Prüfungen sind')} in Ordnung`,
  titles: {
    endpoint: 'Verbindung',
    tls: 'Verschlüsselung',
    clock: 'Uhr',
    key: 'Schlüssel',
    region: 'Region',
    addressing: 'Adresse des Buckets',
    bucket: 'Bucket',
    marker: 'Bibliothek',
    list: 'Recht aufzulisten',
    put: 'Recht zu schreiben',
    head: 'Recht nachzusehen',
    get: 'Recht zu lesen',
    delete: 'Recht zu löschen',
    checks_sha256: 'Schäden auf dem Weg werden abgelehnt',
    repeats_sha256: 'Der Speicher wiederholt Prüfsummen',
    conditional_put: 'Nichts wird ersetzt',
    multipart: 'Große Fotos gehen in Teilen hoch',
    repeats_parts: 'Der Speicher wiederholt Prüfsummen von Teilen',
    lists_parts: 'Liste der Teile',
    conditional_multipart: 'Nichts wird durch Teile ersetzt',
    presigned_get: 'Links zum Lesen',
    presigned_put: 'Links zum Schreiben',
    cors: 'Webseiten',
    mounted: 'Der Ordner ist da',
    writable: 'Schreiben und Zurücklesen',
    space: 'Platz',
    exclusive: 'Nichts wird ersetzt',
    durable: 'Geschriebenes bleibt',
    case: 'Großbuchstaben in Namen',
    times: 'Zeiten von Dateien',
    same_disk: 'Getrennt von deinen Fotos',
  },
  note: (check, measured) => {
    switch (check) {
      case 'tls':
        return measured?.unit === 'days'
          ? say`Das Zertifikat endet in ${counted(measured.value, 'Tag', 'Tagen')}. Danach geht nichts mehr hoch. Erneuere es beim Speicher.`
          : say`Auf dem Weg ist nichts verschlüsselt, andere im Netz können deine Fotos sehen. Zu Hause mag das gehen; sonst nimm https.`;
      case 'clock':
        return say`Die Uhren dieses Rechners und des Speichers gehen auseinander. Fotos gehen trotzdem hoch. Stell die falsche Uhr.`;
      case 'space':
        return say`Nur ${measured?.unit === 'bytes' ? bytes(measured.value) : '…'} sind frei. Ist es voll, warten Fotos. Schaff dort Platz.`;
      case 'same_disk':
        return say`Dieser Speicherort liegt auf demselben Datenträger wie ${name(measured?.unit === 'text' ? measured.value : '…')}. Fällt er aus, ist beides weg. Füge einen anderen Speicherort hinzu.`;
      case 'delete':
        return say`Der Schlüssel darf nicht löschen. imgn löscht dort nie ein Foto; nur seine eigenen kleinen Proben bleiben. Es ist nichts zu tun.`;
      case 'repeats_sha256':
      case 'repeats_parts':
        if (measured?.unit === 'text')
          return say`Der Speicher wiederholt jede Prüfsumme, die man ihm nennt, auch bei anderen Bytes. Darum gilt ein Foto anhand seiner Größe als sicher, bis es zurückgelesen ist. Prüfe diesen Speicherort und lies alles zurück.`;
        return say`Ein Foto gilt anhand seiner Größe als sicher, bis es zurückgelesen ist. Prüfe diesen Speicherort und lies alles zurück.`;
      case 'conditional_put':
      case 'conditional_multipart':
        return say`Der Speicher würde ein Objekt ersetzen. imgn sieht vorher nach, ob ein Name frei ist. Lass nie zwei Rechner zugleich dorthin schreiben.`;
      case 'presigned_get':
        return say`Links auf Fotos funktionieren dort nicht. Fotos gehen trotzdem hoch.`;
      case 'times':
        return say`Der Datenträger merkt sich Zeiten nur grob. Die Fotos sind vollständig, und imgn merkt sich die genauen Zeiten daneben.`;
      default:
        return say`Der Speicher kann das nicht. imgn sorgt selbst dafür; es ist nichts zu tun.`;
    }
  },
  problem: (check, measured) => {
    switch (check) {
      case 'region':
        return measured?.unit === 'text'
          ? say`Der Bucket liegt in ${name(measured.value)}. Nichts geht hoch. Entferne diesen Speicherort und füge ihn mit dieser Region neu hinzu; dort wird nichts gelöscht.`
          : null;
      case 'addressing':
        return say`Der Speicher will den Bucket an anderer Stelle der Adresse. Nichts geht hoch. Entferne diesen Speicherort und füge ihn neu hinzu, mit der anderen Wahl unter Mehr; dort wird nichts gelöscht.`;
      case 'space':
        return measured?.unit === 'bytes'
          ? say`Nur ${bytes(measured.value)} sind frei. Fotos warten. Schaff dort Platz.`
          : null;
      case 'clock':
        return say`Die Uhren dieses Rechners und des Speichers gehen zu weit auseinander, der Speicher lehnt alles ab. Stell die Uhr dieses Rechners.`;
      case 'list':
        return say`Der Schlüssel darf nicht auflisten. Fotos gehen hoch, aber was schon da ist, wird nicht erkannt. Gib ihm s3:ListBucket.`;
      case 'put':
        return say`Der Schlüssel darf nicht schreiben. Nichts geht hoch. Gib ihm s3:PutObject.`;
      case 'head':
      case 'get':
        return say`Der Schlüssel darf nicht lesen. Fotos gehen hoch, lassen sich aber nicht prüfen oder zurückholen. Gib ihm s3:GetObject.`;
      case 'multipart':
        return say`Fotos können nicht in Teilen hochgehen, große warten deshalb. Gib dem Schlüssel s3:PutObject und s3:AbortMultipartUpload; hat er sie, kann der Speicher das nicht.`;
      case 'exclusive':
        return say`Eine Datei lässt sich dort nicht ablegen, ohne eine andere zu ersetzen. Nichts geht hoch. Wähle einen anderen Datenträger.`;
      case 'durable':
        return say`Geschriebenes übersteht vielleicht keinen Stromausfall. Sieh nach dem Datenträger oder der Freigabe.`;
      default:
        return null;
    }
  },
};
