/** Draws a photo's thumbhash: some 30 bytes that look like the photo from far away. */

import type { Attachment } from 'svelte/attachments';
import { thumbHashToRGBA } from 'thumbhash';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Null when the text is no thumbhash: it comes from files and buckets, so it may be anything. */
export function decode(thumbhash: string): Picture | null {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0));
    if (bytes.length < 5) return null;
    const { w, h, rgba } = thumbHashToRGBA(bytes);
    if (!(w > 0 && h > 0)) return null;
    return { width: w, height: h, pixels: new Uint8ClampedArray(rgba) };
  } catch {
    return null;
  }
}

export function placeholder(thumbhash: string): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const picture = decode(thumbhash);
    if (!picture) return;
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(picture.pixels, picture.width, picture.height), 0, 0);
  };
}
