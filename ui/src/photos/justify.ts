/**
 * Lays photos out in rows of one width, each row as high as its photos need.
 *
 * Rows grow in reading order, so a photo that is appended moves no row but the last.
 */

export interface Placed {
  /** From the left edge. */
  readonly x: number;
  readonly width: number;
}

export interface Row {
  /** From the top of the block. */
  readonly y: number;
  readonly height: number;
  /** Index of its first photo. */
  readonly first: number;
  readonly photos: readonly Placed[];
}

export interface Frame {
  /** Of the block. */
  readonly width: number;
  /** What a row aims at. */
  readonly rowHeight: number;
  /** Between photos, both ways. */
  readonly gap: number;
}

/** Panoramas and strips are shown within this, their middle cropped by the tile. */
const NARROWEST = 0.5;
const WIDEST = 3.2;
/** What a photo of unknown size is taken for. */
const USUAL = 4 / 3;
/** A last row of few photos does not blow them up. */
const MOST_STRETCH = 1.25;

export function aspect(width: number, height: number): number {
  if (width <= 0 || height <= 0) return USUAL;
  return Math.min(WIDEST, Math.max(NARROWEST, width / height));
}

/**
 * Rows of whole pixels that fill the width exactly; the last one may end early. With `before`, the
 * rows that already stand, only those after them are laid.
 */
export function justify(
  aspects: readonly number[],
  frame: Frame,
  before: readonly Row[] = [],
): Row[] {
  const rows = before.slice();
  const above = before.at(-1);
  let first = above ? above.first + above.photos.length : 0;
  let y = above ? above.y + above.height + frame.gap : 0;
  let sum = 0;
  for (let at = first; at < aspects.length; at += 1) {
    sum += aspects[at] ?? USUAL;
    const gaps = frame.gap * (at - first);
    const height = (frame.width - gaps) / sum;
    const last = at === aspects.length - 1;
    if (height > frame.rowHeight && !last) continue;
    const row = place(aspects, first, at + 1, y, height, frame);
    rows.push(row);
    y += row.height + frame.gap;
    first = at + 1;
    sum = 0;
  }
  return rows;
}

/** Rows as high as suit a window of this width. */
export function rowHeight(width: number): number {
  return Math.round(Math.min(280, Math.max(140, width / 6)));
}

export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last ? last.y + last.height : 0;
}

/** How high `count` photos of unknown sizes will about be. */
export function estimatedHeight(count: number, frame: Frame): number {
  if (count <= 0) return 0;
  const row = frame.rowHeight * 0.93;
  const perRow = Math.max(1, (frame.width + frame.gap) / (row * USUAL + frame.gap));
  return Math.round(Math.ceil(count / perRow) * (row + frame.gap) - frame.gap);
}

/** Index of the row at `y` or the nearest one. */
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.y ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

function place(
  aspects: readonly number[],
  first: number,
  end: number,
  y: number,
  wanted: number,
  frame: Frame,
): Row {
  const full = wanted <= frame.rowHeight * MOST_STRETCH;
  const height = Math.max(1, Math.round(full ? wanted : frame.rowHeight));
  const photos: Placed[] = [];
  let x = 0;
  for (let at = first; at < end; at += 1) {
    const lastOfFull = full && at === end - 1;
    const width = lastOfFull
      ? frame.width - x
      : Math.round((aspects[at] ?? USUAL) * (full ? wanted : height));
    photos.push({ x, width: Math.max(1, width) });
    x += width + frame.gap;
  }
  return { y, height, first, photos };
}
