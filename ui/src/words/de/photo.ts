/** One photo in the lightbox: its facts and its proof. */

import type { photo as english } from '../en/photo';
import { name, say } from '../sentence';
import { bytes, clock, coordinates, day, decimal, taken } from './amounts';
import { states } from './frame';

export const photo: typeof english = {
  states,
  dialog: (file) => `Foto ${file}`,
  previous: 'Vorheriges Foto',
  next: 'Nächstes Foto',
  zoomIn: 'Größer',
  zoomOut: 'Kleiner',
  information: 'Informationen',
  panel: 'Informationen zu diesem Foto',
  zoom: (percent) => `${percent} %`,

  when: 'Wann',
  where: 'Wo',
  camera: 'Kamera',
  keywords: 'Stichwörter',
  artist: 'Von',
  copyright: 'Rechte',
  rating: 'Bewertung',
  ratingOf: (stars) => `${stars} von 5`,
  file: 'Datei',
  files: 'Auf diesem Rechner',
  notHere: 'Nur online: nicht auf diesem Rechner',
  noDate: 'Das Datum ist nicht bekannt',
  dateOfFile: 'Kein Datum im Foto: Es steht nach dem seiner Datei',
  taken,
  coordinates,
  decimal,
  altitude: (metres) => `${Math.round(metres)} m`,
  shape: (width, height, size) => {
    const whole = size === null ? 'Größe nicht bekannt' : bytes(size);
    return width > 0 ? `${width} × ${height} · ${whole}` : whole;
  },
  unreadable: say`imgn kann dieses Foto nicht zeigen. Seine Sicherung betrifft das nicht.`,
  notShown: say`Dieses Foto lässt sich hier nicht in voller Größe zeigen; das ist seine Vorschau.`,
  nothingToShow: say`Von diesem Foto gibt es kein Bild zu zeigen.`,

  proof: 'Nachweis',
  noCopies: say`Es ist noch kein Speicherort gewählt: Dieses Foto ist nur auf diesem Rechner.`,
  safeSince: (destination, at) =>
    say`Sicher auf ${name(destination)} seit ${day(at)}, ${clock(at)}`,
  wasSafe: (destination, at) =>
    say`War sicher auf ${name(destination)}, zuletzt bestätigt am ${day(at)}, ${clock(at)}`,
  onlineIn: (destination) => say`Liegt auf ${name(destination)}`,
  onTheWay: (destination, state) => say`${name(destination)}: ${state}`,
  confirmed: (proof) => {
    switch (proof.kind) {
      case 'full_sha256':
        return say`SHA-256 vom Speicher bestätigt`;
      case 'parts_sha256':
        return proof.parts === null
          ? say`SHA-256 seiner Teile vom Speicher bestätigt`
          : say`SHA-256 von ${String(proof.parts)} Teilen vom Speicher bestätigt`;
      case 'size_only':
        return say`Nur die Größe ist bestätigt, bis es zurückgelesen ist`;
    }
  },
  key: (key) => say`Als ${name(key)}`,
  version: (version) => say`Version ${name(version)}`,
  sha256: 'SHA-256',
  copySha256: 'SHA-256 kopieren',
  notHashed: say`Seine SHA-256 ist erst bekannt, wenn es gelesen ist.`,
  checking: say`Frage alle Speicherorte noch einmal…`,
  checked: say`Gerade noch einmal gefragt.`,

  link: 'Link kopieren',
  linkFor: { hour: 'Für 1 Stunde', day: 'Für 1 Tag', week: 'Für 7 Tage' },
  linkAsking: say`Frage nach einem Link…`,
  linkCopied: say`Kopiert.`,
  linkNotCopied: say`Kopieren ging nicht. Das ist der Link:`,
  linkWorks: (destination, until) =>
    say`Bis ${day(until)}, ${clock(until)} zeigt er dieses Foto allen, die ihn haben und ${name(destination)} erreichen. Zurücknehmen lässt er sich nicht.`,
};
