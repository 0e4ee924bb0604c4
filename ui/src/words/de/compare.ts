/** Places side by side: what can be said of every place of a sort, and figures of one's own. */

import type { Cost } from '../../backend/types/Cost';
import { coarse } from '../amounts';
import type { compare as english } from '../en/compare';
import { name, say } from '../sentence';
import {
  ago,
  bytes,
  count,
  counted,
  dayOf,
  duration,
  milliseconds,
  money,
  photos,
  speed,
} from './amounts';

export const compare: typeof english = {
  open: 'Orte vergleichen',
  back: 'Zurück zu den Speicherorten',
  lead: say`Was imgn an jedem Ort gemessen hat, was er für deine Fotos kostet, und was für jeden Ort seiner Art gilt.`,
  leadOne: say`Was imgn an deinem Ort gemessen hat und was er für deine Fotos kostet, neben den Arten, die du nicht hast.`,
  leadNone: say`Vier Arten von Orten für deine Fotos, nebeneinander. Eigene Zahlen kommen mit deinem ersten Ort.`,
  measure: 'Jetzt messen',
  editPrices: 'Preise bearbeiten',
  measureNote: say`Jeder Ort wird etwa 30-mal gefragt, wie lange er braucht. Deine Fotos bleiben unberührt; die Proben von imgn verschwinden wieder.`,
  measuring: (place, done, total) =>
    say`Frage ${name(place)}: ${counted(done, 'Antwort', 'Antworten')} von ${counted(total, 'Antwort', 'Antworten')}.`,
  measured: (at, now) => say`Gemessen ${ago(at, now)}.`,
  stopped: say`Abgebrochen. Was bis dahin gemessen wurde, zählt.`,
  done: say`Gemessen.`,
  probesTakeNone: (place) =>
    say`${name(place)} bekommt keine Proben, weil sich dort nichts entfernen lässt. Gemessen wird dort an deinen eigenen Fotos.`,
  probeStays: (place) =>
    say`Eine Probe von ${bytes(1_000_000)} bleibt in ${name(place)}, weil der Schlüssel dort nichts löschen darf. Weitere gab es nicht.`,
  limited: (limit) =>
    say`Deine Grenze hält Uploads bei ${speed(limit)}; ihre Zeiten sind also die der Grenze.`,

  sorts: {
    folder: 'Ordner',
    bucket: 'Bucket',
    server: 'Server',
    functions: 'Funktionen',
  },
  notYours: 'Hast du nicht',
  question: 'Frage',
  table: 'Orte nebeneinander',
  rows: {
    unit: 'Einheit',
    artifact: 'Artefakt',
    distribution: 'Verteilung',
    triggers: 'Auslöser',
    state: 'Zustand',
    latency: 'Antwortzeit',
    observability: 'Einblick',
    billing: 'Abrechnung',
    lift_and_shift: 'Umzug',
    local_development: 'Lokal entwickeln',
  },
  general: {
    unit: {
      folder: 'Nichts wird installiert: ein Ordner ist da.',
      bucket: 'Ein Bucket in einem Speicher, den du oder ein Anbieter betreibt.',
      server: 'Ein Prozess, oder Container davon in Pods.',
      functions: 'Eine Funktion je Aufgabe: Upload, Liste, Metadaten.',
    },
    artifact: {
      folder: 'Keines; Fotos sind einfache Dateien.',
      bucket: 'Keines von imgn; der Speicher ist Programm oder Dienst.',
      server: 'Ein Programm, oder ein Container-Image.',
      functions: 'Ein Zip je Funktion, und eine Vorlage.',
    },
    distribution: {
      folder: 'Die Platte trägt man, die Freigabe bindet man ein.',
      bucket: 'Adresse, Bucket und Schlüssel.',
      server: 'Eine Registry für Images, oder ein kopiertes Programm.',
      functions: 'Ein Bucket mit Artefakten, aus dem SAM ausrollt.',
    },
    triggers: {
      folder: 'Keine: imgn selbst liest und schreibt.',
      bucket: 'Keine nötig; Speicher können neue Objekte melden.',
      server: 'HTTP, eine Uhr, oder Meldungen des Speichers.',
      functions: 'HTTP am Gateway, ein Zeitplan, oder ein neues Objekt.',
    },
    state: {
      folder: 'Auf dieser einen Platte.',
      bucket: 'Im Bucket; jedes S3-Werkzeug liest ihn.',
      server: 'Auf einem Volume oder im Bucket; Prozesse halten keinen.',
      functions: 'In einem Bucket; eine Funktion hält keinen.',
    },
    latency: {
      folder: 'Die der Platte; dazu kommt das Netz, nach Ruhe das Anlaufen.',
      bucket: 'Der Weg zum Speicher, der nicht schläft.',
      server: 'Der Weg zum Server, der immer wach ist.',
      functions: 'Der Weg zum Gateway; nach einer Ruhe ein Kaltstart.',
    },
    observability: {
      folder: 'Auf die Gesundheit der Platte achtest du.',
      bucket: 'Metriken und Protokolle hat der Speicher.',
      server: 'Gesundheit, Metriken und Protokolle sammelst du.',
      functions: 'Protokolle und Metriken vom Anbieter, je Funktion.',
    },
    billing: {
      folder: 'Die Platte und ihr Strom.',
      bucket: 'Beim Anbieter nach GB und Anfrage; zu Hause Strom.',
      server: 'Solange die Maschine läuft, beschäftigt oder nicht.',
      functions: 'Nach Anfrage und GB; ruhende Funktionen sind frei.',
    },
    lift_and_shift: {
      folder: 'Dateien kopieren: sie liegen wie in einem Bucket.',
      bucket: 'Objekte kopieren, mit jedem S3-Werkzeug.',
      server: 'Dasselbe Programm zieht vom NAS in den Pod in die Cloud.',
      functions: 'Der Code zieht um; Gateway, Rollen und Auslöser nicht.',
    },
    local_development: {
      folder: 'Jeder Ordner genügt.',
      bucket: 'Ein Speicher auf diesem Rechner tut dasselbe.',
      server: 'Starten: das ist das ganze System.',
      functions: 'Emulatoren kommen nahe; der Anbieter entscheidet.',
    },
  },

  figures: {
    uploads: 'Hochladen',
    probes: 'Probe',
    lists: 'Auflisten',
    rested: 'Nach einer Ruhe',
    fresh: 'Neue Verbindung',
    again: 'Warm',
    throughput: 'Durchsatz',
    kept: 'Hier sicher',
    verifies: 'Prüfung',
    month: 'Im Monat',
    bringIn: 'Alles hinein',
    takeOut: 'Alles heraus',
  },
  reading: say`Die Hälfte dauerte nicht länger als die Zahl selbst, 95 von 100 nicht länger als das, was neben 95 % steht.`,
  unmeasured: 'Noch nicht gemessen',
  half: (latency) => milliseconds(latency.p50),
  most: (latency) => `95 %: ${milliseconds(latency.p95)}`,
  of: (latency) => `von ${count(latency.count)}`,
  middle: (seen, size) => `von ${count(seen)}, mittleres ${bytes(size)}`,
  probe: (seen, size) => `${count(seen)} zu ${bytes(size)}`,
  rest: (seconds) => {
    const { value, unit } = coarse(seconds);
    return `bis zu ${duration(value, unit)} Ruhe`;
  },
  speed: (value) => speed(value),
  kept: (kept, size) => `${photos(kept)}, ${bytes(size)}`,
  verified: {
    checksum: 'Gibt die SHA-256 zurück',
    reading_back: 'Jedes Foto wird zurückgelesen',
    size: 'Nach Größe, bis es zurückgelesen ist',
    not_seen: 'Zeigt sich am ersten Foto',
  },
  money: (amount, currency) =>
    amount > 0 && amount < 0.005 ? `unter ${money(0.01, currency)}` : money(amount, currency),
  noPrice: 'Für diesen Ort ist kein Preis notiert',

  judged: 'Gut und schlecht',
  goodTitle: 'Gut',
  badTitle: 'Schlecht',
  good: {
    folder: {
      offline: 'Geht ohne Netz.',
      own: 'Niemand sonst hat deine Fotos.',
      free: 'Keine Gebühr, kein Konto.',
      plain: 'Jedes Programm liest die Dateien.',
    },
    bucket: {
      open: 'Jedes S3-Werkzeug liest ihn, du kannst also gehen.',
      everywhere: 'Zu Hause und bei vielen Anbietern gleich.',
      grows: 'Wächst beim Anbieter ohne dein Zutun.',
      proves: 'Speicher, die Prüfsummen zurückgeben, beweisen die Ankunft.',
    },
    server: {
      portable: 'Tragbar: dasselbe Image läuft überall.',
      free: 'An keinen Anbieter gebunden.',
      long: 'Lange Arbeit, und jedes Protokoll.',
      awake: 'Immer wach.',
    },
    functions: {
      use: 'Nach Nutzung bezahlt: Ruhe kostet nichts.',
      scales: 'Von keiner auf viele, ganz von selbst.',
      patched: 'Keine Maschine zu pflegen.',
      events: 'Ereignisse des Speichers starten sie.',
    },
  },
  bad: {
    folder: {
      one: 'Eine Platte ist ein Ort: Brand, Diebstahl, Verschleiß.',
      away: 'Unterwegs nicht erreichbar.',
      full: 'Ist sie voll, kaufst du die nächste.',
    },
    bucket: {
      billed: 'Ein Anbieter berechnet Anfragen und das Herausholen.',
      yours: 'Zu Hause betreibst und pflegst du den Speicher.',
      keys: 'Schlüssel wollen gehütet und erneuert werden.',
    },
    server: {
      yours: 'Du pflegst, vergrößerst und überwachst ihn.',
      idle: 'Kostet gleich viel, auch wenn ihn niemand nutzt.',
      cluster: 'Ein Cluster ist eigene Arbeit.',
    },
    functions: {
      cold: 'Ein Kaltstart nach einer Ruhe.',
      limits: 'Grenzen für Größe und Zeit.',
      tied: 'An einen Anbieter gebunden, zu Hause schwerer zu testen.',
    },
  },

  prices: 'Preise',
  pricesNote: say`Preise sind kein Angebot. Trag deine eigenen ein: Jeder hat seinen Tag und seine Herkunft.`,
  shipped: (cost) =>
    say`Wie imgn sie mitbringt, notiert am ${dayOf(cost.noted)}: ${shippedSources[cost.tariff] ?? name(cost.source)}`,
  noted: (cost) => say`Notiert am ${dayOf(cost.noted)}: ${name(cost.source)}`,
  pricesMistake: say`Die Preistabelle wird nicht verstanden; darum gelten die Preise, die imgn mitbringt.`,
};

const shippedSources: Partial<Record<Cost['tariff'], string>> = {
  amazon: 'Listenpreise für US East, wie andere sie 2025 und 2026 nannten.',
  functions: 'Listenpreise für US East nach Amazons eigenen Schriften und Beispielen.',
  disk: 'geschätzt, eine Platte mit 6 Watt zum Haushaltspreis für Strom.',
  server: 'geschätzt, ein kleiner Server mit 15 Watt zum Haushaltspreis für Strom.',
};
