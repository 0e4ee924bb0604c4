/** What the views of a gallery share, whatever is behind them. */

import type { Gallery, Unsubscribe } from '../backend/backend';
import type { Copying } from './summary';

export interface Shown {
  readonly backend: Gallery;
  /** How much of each photo is up, 0 to 1. */
  readonly progress: ReadonlyMap<number, number>;
  /** Originals on their way into a folder that the person chose. */
  readonly saving: Copying | null;
  /** Photos of these months came, went or changed. */
  onMonths(listener: (months: readonly (string | null)[]) => void): Unsubscribe;
}
