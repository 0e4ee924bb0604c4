/** Each state has a shape of its own, so that nobody needs colour. */

import type { PhotoState } from '../backend/types/PhotoState';
import type { Glyph } from './glyph';

const shapes: Record<PhotoState, Glyph> = {
  indexed: 'queued',
  queued: 'queued',
  uploading: 'going',
  verifying: 'going',
  backed_up: 'safe',
  waiting: 'waiting',
  failed: 'needs-you',
  online_only: 'online-only',
};

export function shapeOf(state: PhotoState): Glyph {
  return shapes[state];
}
