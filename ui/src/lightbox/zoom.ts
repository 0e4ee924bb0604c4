/**
 * Where a photo stands on the stage: how large, and how far its middle is from the stage's.
 *
 * **Invariant:** after `settle` no edge of a photo larger than the stage lies inside it, and a
 * smaller one is in the middle.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the photo's middle, from the stage's middle, in CSS pixels. */
export interface Look {
  /** CSS pixels a pixel of the photo. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Eight times a photo's own pixels shows each of them. */
const CLOSEST = 8;

/** The whole photo, never larger than its own pixels. */
export function wholeLook(photo: Size, stage: Size, ownScale: number): Look {
  if (photo.width <= 0 || photo.height <= 0) return { scale: ownScale, x: 0, y: 0 };
  const scale = Math.min(ownScale, stage.width / photo.width, stage.height / photo.height);
  return { scale, x: 0, y: 0 };
}

/** Larger or smaller by `factor`, the photo's place under `point` kept there. */
export function zoom(
  look: Look,
  factor: number,
  point: Point,
  photo: Size,
  stage: Size,
  ownScale: number,
): Look {
  const least = wholeLook(photo, stage, ownScale).scale;
  const scale = Math.min(CLOSEST * ownScale, Math.max(least, look.scale * factor));
  const by = scale / look.scale;
  const moved = {
    scale,
    x: point.x - (point.x - look.x) * by,
    y: point.y - (point.y - look.y) * by,
  };
  return settle(moved, photo, stage);
}

export function pan(look: Look, by: Point, photo: Size, stage: Size): Look {
  return settle({ scale: look.scale, x: look.x + by.x, y: look.y + by.y }, photo, stage);
}

function settle({ scale, x, y }: Look, photo: Size, stage: Size): Look {
  const roomX = Math.max(0, (photo.width * scale - stage.width) / 2);
  const roomY = Math.max(0, (photo.height * scale - stage.height) / 2);
  return { scale, x: bound(x, roomX), y: bound(y, roomY) };
}

function bound(value: number, room: number): number {
  // Never -0, which two equal looks would differ by.
  return Math.min(room, Math.max(-room, value)) || 0;
}
