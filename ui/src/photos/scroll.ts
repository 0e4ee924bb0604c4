/**
 * A scroll space of any length in an element of bounded height.
 *
 * Webviews cap an element's height silently (the lowest known cap is about 17 million pixels).
 * Beyond `MOST` the element is shorter than the content: small movements go pixel by pixel, a
 * large one (the scroll bar dragged) goes by proportion, and at rest both are brought together.
 *
 * **Invariant:** `top` is the truth, in content pixels; `element` only follows it.
 */

export const MOST = 15_000_000;

export interface Space {
  /** Of the content, in content pixels. */
  readonly content: number;
  /** Of the window onto it. */
  readonly view: number;
}

export interface Position {
  /** Of the window, in content pixels. */
  readonly top: number;
  /** `scrollTop` of the element. */
  readonly element: number;
}

export function elementHeight(space: Space): number {
  return Math.max(space.view, Math.min(space.content, MOST));
}

export function furthest(space: Space): number {
  return Math.max(0, space.content - space.view);
}

export function clampTop(top: number, space: Space): number {
  return Math.min(furthest(space), Math.max(0, top));
}

/** Where both stand when `top` is reached by a jump. */
export function at(top: number, space: Space): Position {
  const clamped = clampTop(top, space);
  if (space.content <= MOST) return { top: clamped, element: clamped };
  const range = elementHeight(space) - space.view;
  return { top: clamped, element: Math.round((clamped / furthest(space)) * range) };
}

/** Where both stand after the element reported `element`. */
export function scrolled(before: Position, element: number, space: Space): Position {
  if (space.content <= MOST) return { top: clampTop(element, space), element };
  const range = elementHeight(space) - space.view;
  const moved = element - before.element;
  const dragged = Math.abs(moved) > space.view * 2;
  const atEnd = element <= 0 || element >= range;
  if (dragged || atEnd) {
    const top = range > 0 ? (element / range) * furthest(space) : 0;
    return { top: clampTop(top, space), element };
  }
  return { top: clampTop(before.top + moved, space), element };
}
