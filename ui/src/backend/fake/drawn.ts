/** Drawn photographs: hills under a sky, each by its number, the same at every run. */

import { rgbaToThumbHash } from 'thumbhash';
import type { PhotoDetail } from '../types/PhotoDetail';
import type { PhotoState } from '../types/PhotoState';
import type { Section } from '../types/Section';
import type { Tile } from '../types/Tile';
import type { Scene } from './scenes';

export interface Library {
  readonly total: number;
  readonly sections: Section[];
  tile(id: number): Tile;
  page(month: string | null, after: string | null, limit: number, scene: Scene): Tile[];
}

const YEARS = { from: 2004, to: 2026 };
const SHAPES: readonly (readonly [number, number])[] = [
  [4032, 3024],
  [3024, 4032],
  [6000, 4000],
  [4000, 6000],
  [6000, 4000],
  [5472, 3648],
  [3000, 3000],
  [8000, 2600],
];
const PALETTES: readonly (readonly [string, string, string, string])[] = [
  ['#f6c28b', '#e8895f', '#7d4f5c', '#2f2a3d'],
  ['#bfe0ef', '#7fb4d3', '#4b7d6b', '#20453c'],
  ['#2b3a67', '#496a9a', '#24304f', '#0e1426'],
  ['#f3efe3', '#d9c7a3', '#8a9a6a', '#4c5a3c'],
  ['#cfe7e4', '#88c2bd', '#2f7f86', '#0f4650'],
  ['#fde2d0', '#f4a7a0', '#a8687f', '#4b3350'],
  ['#dfe6ee', '#a9b8c9', '#6c7c8f', '#333f4d'],
  ['#ffe9a8', '#f0b64e', '#b0702c', '#4a2f1a'],
];

export function library(total: number): Library {
  const sections = sectionsOf(total);
  const firsts = new Map<string | null, number>();
  let first = 1;
  for (const { month, count } of sections) {
    firsts.set(month, first);
    first += count;
  }
  return {
    total,
    sections,
    tile: (id) => tileOf(id, monthOf(sections, id), 'backed_up'),
    page: (month, after, limit, scene) => {
      const section = sections.find((candidate) => candidate.month === month);
      const begin = firsts.get(month) ?? 1;
      const from = after === null ? begin : Number(after) + 1;
      const to = Math.min(begin + (section?.count ?? 0), from + limit);
      const tiles = [];
      for (let id = from; id < to; id += 1) tiles.push(tileOf(id, month, stateOf(id, scene)));
      return tiles;
    },
  };
}

export function stateOf(id: number, scene: Scene): PhotoState {
  const dice = random(id, 9);
  if (scene.name === 'problems' && id < 40) {
    if (dice < 0.15) return 'failed';
    if (dice < 0.4) return 'waiting';
    if (dice < 0.5) return 'uploading';
    if (dice < 0.6) return 'queued';
    if (dice < 0.7) return 'indexed';
  }
  if (scene.name === 'offline' && id < 12) return 'waiting';
  return dice > 0.985 ? 'online_only' : 'backed_up';
}

export function detail(tile: Tile): Omit<PhotoDetail, 'copies'> {
  const dice = random(tile.id, 4);
  return {
    id: tile.id,
    name: tile.name,
    sha256: `9f2c${tile.id.toString(16).padStart(8, '0')}`.padEnd(62, '3a7be1').concat('e1'),
    size: Math.round(2_000_000 + dice * 9_000_000),
    media_type: 'image/jpeg',
    width: tile.width,
    height: tile.height,
    thumb: tile.thumb,
    thumbhash: tile.thumbhash,
    original_shown: tile.thumb_state !== 'none',
    taken_at: tile.taken_at,
    utc_offset: dice > 0.3 ? 7200 : null,
    camera_make: 'FUJIFILM',
    camera_model: 'X100V',
    lens: null,
    f_number: 5.6,
    exposure_time: 1 / 250,
    iso: 160,
    focal_length: 23,
    focal_length_35mm: 35,
    latitude: 47.3769,
    longitude: 8.5417,
    altitude: 408,
    title: dice > 0.5 ? 'Evening over the lake <b>quiet</b>' : null,
    description: null,
    artist: 'Mara Lindt',
    copyright: null,
    rating: dice > 0.7 ? 4 : null,
    favourite: false,
    keywords: ['lake', 'evening', 'family'],
    files: [`/home/mara/Pictures/${tile.taken_at?.slice(0, 4)}/${tile.name}`],
    state: tile.state,
    unreadable: tile.thumb_state === 'none' ? 'its data ends too early' : null,
  };
}

/** An SVG picture of this size on its longer side. */
export function picture(id: number, long: number): string {
  const { width, height } = shapeOf(id);
  const w = Math.round(width >= height ? long : (long * width) / height);
  const h = Math.round(width >= height ? (long * height) / width : long);
  const [sky, glow, hill, near] = paletteOf(id);
  const horizon = 0.45 + random(id, 2) * 0.25;
  const sun = random(id, 3);
  const ridge = (y: number, seed: number): string => {
    const points = [];
    for (let at = 0; at <= 8; at += 1) {
      points.push(`${(at / 8) * w},${(y + (random(id, seed + at) - 0.5) * 0.16) * h}`);
    }
    return `M0,${h} L${points.join(' L')} L${w},${h} Z`;
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${glow}"/></linearGradient></defs><rect width="${w}" height="${h}" fill="url(#s)"/><circle cx="${sun * w}" cy="${(horizon - 0.16) * h}" r="${0.06 * Math.min(w, h)}" fill="#fff" opacity=".75"/><path d="${ridge(horizon, 20)}" fill="${hill}" opacity=".75"/><path d="${ridge(horizon + 0.16, 40)}" fill="${hill}"/><path d="${ridge(horizon + 0.34, 60)}" fill="${near}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function sectionsOf(total: number): Section[] {
  if (total === 0) return [];
  const months: string[] = [];
  for (let year = YEARS.to; year >= YEARS.from; year -= 1) {
    for (let month = 12; month >= 1; month -= 1) {
      const name = `${year}-${String(month).padStart(2, '0')}`;
      if (year === YEARS.to && month > 11) continue;
      if (random(year * 12 + month, 7) > 0.25) months.push(name);
    }
  }
  const weights = months.map((_, index) => (index < 2 ? 5 : 0.2) + random(index, 8) ** 3 * 4);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const undated = Math.max(1, Math.round(total / 150));
  let left = total - undated;
  const sections = months.map((month, index): Section => {
    const share = Math.max(1, Math.round((total * (weights[index] ?? 1)) / sum));
    const count = Math.min(left, share);
    left -= count;
    return { month, count };
  });
  return [...sections.filter(({ count }) => count > 0), { month: null, count: undated + left }];
}

function monthOf(sections: readonly Section[], id: number): string | null {
  let first = 1;
  for (const { month, count } of sections) {
    if (id < first + count) return month;
    first += count;
  }
  return null;
}

function tileOf(id: number, month: string | null, state: PhotoState): Tile {
  const { width, height } = shapeOf(id);
  const day = String(28 - (id % 28)).padStart(2, '0');
  const broken = id % 97 === 0;
  const coming = state === 'indexed';
  return {
    id,
    name: broken ? `scan_${id}.tif` : `IMG_${String(id).padStart(4, '0')}.jpg`,
    width: broken ? 0 : width,
    height: broken ? 0 : height,
    thumbhash: broken || coming ? null : thumbhash(id, width, height),
    thumb: broken || coming ? null : `t${id}`,
    thumb_state: broken ? 'none' : coming ? 'coming' : 'made',
    state,
    favourite: false,
    taken_at: month === null ? null : `${month}-${day}T14:02:11`,
    cursor: String(id),
  };
}

function shapeOf(id: number): { width: number; height: number } {
  const [width, height] = SHAPES[Math.floor(random(id, 1) * SHAPES.length)] ?? [4, 3];
  return { width, height };
}

function paletteOf(id: number): readonly [string, string, string, string] {
  const [first] = PALETTES;
  if (!first) throw new Error('there is a palette');
  // Photos of one afternoon look alike: the palette changes every few.
  return PALETTES[Math.floor(random(Math.floor(id / 5), 5) * PALETTES.length)] ?? first;
}

const thumbhashes = new Map<string, string>();

function thumbhash(id: number, width: number, height: number): string {
  const colours = paletteOf(id);
  const key = `${colours[0]} ${width >= height}`;
  const made = thumbhashes.get(key) ?? thumbhashOf(colours, width >= height);
  thumbhashes.set(key, made);
  return made;
}

function thumbhashOf(colours: readonly string[], lying: boolean): string {
  const w = lying ? 16 : 11;
  const h = lying ? 11 : 16;
  const palette = colours.map(channels);
  const pixels = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y += 1) {
    const at = (y / h) * 3.99;
    const colour = palette[Math.min(3, Math.floor(at))] ?? [0, 0, 0];
    for (let x = 0; x < w; x += 1) pixels.set([...colour, 255], (y * w + x) * 4);
  }
  return btoa(String.fromCharCode(...rgbaToThumbHash(w, h, pixels)));
}

function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** 0 to 1, the same for the same numbers. */
function random(id: number, seed: number): number {
  let value = Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return ((value ^ (value >>> 15)) >>> 0) / 0x1_0000_0000;
}
