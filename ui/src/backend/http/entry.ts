/**
 * One image of a gallery, as `GET gallery` lists it.
 *
 * **Invariant:** an address is absolute and begins with http or https, whatever the list said; every text
 * is data. The rest of the metadata stays in the list's own form until somebody looks at the photo.
 */

import type { PhotoDetail } from '../types/PhotoDetail';
import { type Fields, fields, number, text, texts } from './fields';
import { searchable } from './searchable';

export interface Entry {
  readonly key: string;
  readonly name: string;
  readonly src: string;
  readonly thumb: string | null;
  readonly sha256: string | null;
  readonly size: number;
  readonly mediaType: string | null;
  /** Local wall time. */
  readonly takenAt: string | null;
  /** As displayed; 0 while unknown. */
  readonly width: number;
  readonly height: number;
  readonly thumbhash: string | null;
  /** Its metadata was read, or is known to be unreadable. */
  readonly extracted: boolean;
  /** What a search looks in. */
  readonly words: string;
}

/** Those that every browser shows by itself. */
const SHOWN = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/vnd.microsoft.icon',
]);

const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

/** Null: it is no entry that can be shown. `base` is the API's own address. */
export function entryOf(value: unknown, base: URL): Entry | null {
  const of = fields(value);
  const key = text(of, 'key');
  const src = address(text(of, 'src'), base);
  if (of === null || key === null || src === null) return null;
  const metadata = fields(of.metadata);
  const [storedWidth, storedHeight] = stored(text(of, 'meta'));
  const takenAt = text(of, 'taken_at');
  const name = text(metadata, 'original_name') ?? lastSegment(key);
  return {
    key,
    name,
    src,
    thumb: address(text(of, 'thumb'), base),
    sha256: text(of, 'sha256'),
    size: number(of, 'size') ?? 0,
    mediaType: text(of, 'type'),
    takenAt: takenAt !== null && WALL_TIME.test(takenAt) ? takenAt : null,
    width: number(metadata, 'width') ?? storedWidth,
    height: number(metadata, 'height') ?? storedHeight,
    thumbhash: text(metadata, 'thumbhash'),
    extracted: metadata !== null,
    words: wordsOf(key, name, metadata),
  };
}

/** `2019-06`; null: no date is known. */
export function monthOf(entry: Entry): string | null {
  return entry.takenAt?.slice(0, 7) ?? null;
}

/** Whether a picture would look the same: a signature that was made anew changes nothing. */
export function isSame(one: Entry, other: Entry): boolean {
  const { src: _, thumb, ...rest } = one;
  const { src: __, thumb: otherThumb, ...otherRest } = other;
  return (
    (thumb === null) === (otherThumb === null) && JSON.stringify(rest) === JSON.stringify(otherRest)
  );
}

/** Everything about it, from the list's own form. */
export function detailOf(id: number, entry: Entry, value: unknown): PhotoDetail {
  const metadata = fields(fields(value)?.metadata);
  const camera = fields(metadata?.camera);
  const exposure = fields(metadata?.exposure);
  const gps = fields(metadata?.gps);
  return {
    id,
    name: entry.name,
    sha256: entry.sha256,
    size: entry.size,
    media_type: entry.mediaType ?? 'application/octet-stream',
    width: entry.width,
    height: entry.height,
    thumb: entry.thumb === null ? null : (entry.sha256 ?? entry.key),
    thumbhash: entry.thumbhash,
    original_shown: entry.mediaType === null ? !entry.extracted : SHOWN.has(entry.mediaType),
    taken_at: entry.takenAt,
    utc_offset: offset(text(metadata, 'utc_offset')),
    camera_make: text(camera, 'make'),
    camera_model: text(camera, 'model'),
    lens: text(camera, 'lens'),
    f_number: number(exposure, 'f_number'),
    exposure_time: number(exposure, 'time'),
    iso: number(exposure, 'iso'),
    focal_length: number(exposure, 'focal_length'),
    focal_length_35mm: number(exposure, 'focal_length_35mm'),
    latitude: number(gps, 'lat'),
    longitude: number(gps, 'lon'),
    altitude: number(gps, 'alt'),
    title: text(metadata, 'title'),
    description: text(metadata, 'description'),
    artist: text(metadata, 'artist'),
    copyright: text(metadata, 'copyright'),
    rating: number(metadata, 'rating'),
    favourite: metadata?.favourite === true,
    keywords: texts(metadata, 'keywords'),
    files: [entry.key],
    state: 'online_only',
    unreadable: text(metadata, 'error'),
    copies: [],
  };
}

/** Seconds of `+02:00`. */
export function offset(said: string | null): number | null {
  const [, sign, hours, minutes] = said?.match(/^([+-])(\d{2}):(\d{2})$/) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === '-' ? -seconds : seconds;
}

function address(said: string | null, base: URL): string | null {
  if (said === null || !URL.canParse(said, base)) return null;
  const url = new URL(said, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}

/** `WIDTHxHEIGHT`; anything else is no size. */
function stored(meta: string | null): readonly [number, number] {
  const [, width, height] = meta?.match(/^(\d{1,7})x(\d{1,7})$/) ?? [];
  return [Number(width ?? 0), Number(height ?? 0)];
}

function lastSegment(key: string): string {
  return key.split('/').at(-1) ?? key;
}

function wordsOf(key: string, name: string, metadata: Fields | null): string {
  const camera = fields(metadata?.camera);
  return searchable(
    [
      key,
      name,
      text(camera, 'make'),
      text(camera, 'model'),
      text(camera, 'lens'),
      text(metadata, 'title'),
      text(metadata, 'description'),
      text(metadata, 'artist'),
      ...texts(metadata, 'keywords'),
    ]
      .filter((part) => part !== null)
      .join(' '),
  );
}
