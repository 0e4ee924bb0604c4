/** Progress that never goes back, and what is left of a transfer. */

import type { Transfer } from '../backend/types/Transfer';

/** One photo on its way to one place. */
export function transferKey({ photo, destination }: Transfer): string {
  return `${photo}-${destination}`;
}

/**
 * The transfers, none less far than it was shown before: a part that is sent again must not turn
 * a bar back. What is not under way any more is forgotten.
 */
export function onward(
  transfers: readonly Transfer[],
  before: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    transfers.map((transfer) => {
      const key = transferKey(transfer);
      return [key, Math.max(before.get(key) ?? 0, Math.min(transfer.size, transfer.sent))];
    }),
  );
}

/** Null while there is nothing to reckon with. */
export function secondsLeft(size: number, sent: number, bytesPerSecond: number): number | null {
  if (bytesPerSecond < 1 || sent >= size) return null;
  return (size - sent) / bytesPerSecond;
}
