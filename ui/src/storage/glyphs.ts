/** What each kind of place is drawn as. */

import type { DestinationConfig } from '../backend/types/DestinationConfig';
import type { Glyph } from '../parts/glyph';

export const glyphs: Record<DestinationConfig['kind'], Glyph> = {
  s3: 'bucket',
  folder: 'disk',
  http: 'server',
  lambda: 'server',
};
