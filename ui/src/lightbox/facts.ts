/** A photo's facts as photographers write them. */

import type { PhotoDetail } from '../backend/types/PhotoDetail';
import { words } from '../words';
import { legible } from '../words/sentence';

type Exposure = Pick<
  PhotoDetail,
  'camera_make' | 'camera_model' | 'f_number' | 'exposure_time' | 'iso' | 'focal_length'
>;

/** `X100V · 23 mm · ƒ/5.6 · 1/250 s · ISO 160`; what is not known is left out. */
export function exposureLine(detail: Exposure): string {
  const parts = [
    camera(detail),
    known(detail.focal_length) && whole(`${words.photo.decimal(detail.focal_length)} mm`),
    known(detail.f_number) && `ƒ/${words.photo.decimal(detail.f_number)}`,
    known(detail.exposure_time) && whole(exposureTime(detail.exposure_time)),
    known(detail.iso) && whole(`ISO ${detail.iso}`),
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
}

/** `1/250 s`, `0.8 s`, `30 s`. */
export function exposureTime(seconds: number): string {
  if (seconds >= 0.3) return `${words.photo.decimal(seconds)} s`;
  return `1/${Math.round(1 / seconds)} s`;
}

/** On one line: a number does not leave its unit. */
function whole(figure: string): string {
  return figure.replaceAll(' ', '\u00a0');
}

/** `9f2c…e1`: enough to compare at a glance. */
export function shortHash(sha256: string): string {
  return sha256.length > 8 ? `${sha256.slice(0, 4)}…${sha256.slice(-2)}` : sha256;
}

/** The model; the make before it only where the model would not be understood alone. */
function camera({ camera_make, camera_model }: Exposure): string {
  if (camera_model === null) return legible(camera_make ?? '').trim();
  const model = legible(camera_model).trim();
  return /^\d+$/.test(model) && camera_make ? `${legible(camera_make).trim()} ${model}` : model;
}

function known(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0;
}
