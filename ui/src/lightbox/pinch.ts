/** Two fingers on a photo, of which one moved. */

import type { Point } from './zoom';

export interface Pinch {
  /** How much further apart they are. */
  readonly factor: number;
  /** Between them. */
  readonly middle: Point;
}

export function pinch(before: Point, after: Point, other: Point): Pinch {
  const apart = Math.hypot(before.x - other.x, before.y - other.y);
  const now = Math.hypot(after.x - other.x, after.y - other.y);
  return {
    factor: apart > 0 ? now / apart : 1,
    middle: { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 },
  };
}
