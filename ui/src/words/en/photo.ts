/** One photo in the lightbox: its facts and its proof. */

import type { ProofView } from '../../backend/types/ProofView';
import { name, type Sentence, say } from '../sentence';
import { bytes, clock, coordinates, day, decimal, taken } from './amounts';
import { states } from './frame';

export const photo = {
  states,
  dialog: (file: string): string => `Photo ${file}`,
  previous: 'Previous photo',
  next: 'Next photo',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  information: 'Information',
  panel: 'Information about this photo',
  zoom: (percent: number): string => `${percent} %`,

  when: 'When',
  where: 'Where',
  camera: 'Camera',
  keywords: 'Keywords',
  artist: 'By',
  copyright: 'Rights',
  rating: 'Rating',
  ratingOf: (stars: number): string => `${stars} of 5`,
  file: 'File',
  files: 'On this machine',
  notHere: 'Online only: not on this machine',
  noDate: 'No date is known',
  /** It stands in the gallery all the same. */
  dateOfFile: 'No date in the photo: it stands by that of its file',
  taken,
  coordinates,
  /** `5.6` of an aperture, `0.8` of an exposure. */
  decimal,
  altitude: (metres: number): string => `${Math.round(metres)} m`,
  shape: (width: number, height: number, size: number | null): string => {
    const whole = size === null ? 'size not known' : bytes(size);
    return width > 0 ? `${width} × ${height} · ${whole}` : whole;
  },
  unreadable: say`imgn cannot show this photo. Its backup is not affected.`,
  notShown: say`This photo cannot be shown at its own size here; this is its thumbnail.`,
  nothingToShow: say`There is no picture of this photo to show.`,

  proof: 'Proof',
  noCopies: say`No safe place is chosen yet: this photo is only on this machine.`,
  safeSince: (destination: string, at: number): Sentence =>
    say`Safe in ${name(destination)} since ${day(at)}, ${clock(at)}`,
  /** Of a place whose bucket or library is gone. */
  wasSafe: (destination: string, at: number): Sentence =>
    say`Was safe in ${name(destination)}, last confirmed on ${day(at)}, ${clock(at)}`,
  onlineIn: (destination: string): Sentence => say`Lies in ${name(destination)}`,
  onTheWay: (destination: string, state: string): Sentence => say`${name(destination)}: ${state}`,
  confirmed: (proof: ProofView): Sentence => {
    switch (proof.kind) {
      case 'full_sha256':
        return say`SHA-256 confirmed by the store`;
      case 'parts_sha256':
        return proof.parts === null
          ? say`SHA-256 of its parts confirmed by the store`
          : say`SHA-256 of ${String(proof.parts)} parts confirmed by the store`;
      case 'size_only':
        return say`Only its size is confirmed until it is read back`;
    }
  },
  key: (key: string): Sentence => say`As ${name(key)}`,
  version: (version: string): Sentence => say`Version ${name(version)}`,
  sha256: 'SHA-256',
  copySha256: 'Copy the SHA-256',
  notHashed: say`Its SHA-256 is not known until it is read.`,
  checking: say`Asking every place again…`,
  checked: say`Asked again just now.`,

  link: 'Copy link',
  linkFor: { hour: 'For 1 hour', day: 'For 1 day', week: 'For 7 days' },
  linkAsking: say`Asking for a link…`,
  linkCopied: say`Copied.`,
  linkNotCopied: say`Could not copy. This is the link:`,
  linkWorks: (destination: string, until: number): Sentence =>
    say`Until ${day(until)}, ${clock(until)} it shows this photo to whoever has it and reaches ${name(destination)}. It cannot be taken back.`,
};
