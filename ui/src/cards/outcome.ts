/** How copying from a card or camera ended, in a sentence. */

import type { CardProgress } from '../backend/types/CardProgress';
import { words } from '../words';
import type { Sentence } from '../words/sentence';

export function outcome(copy: CardProgress): Sentence {
  switch (copy.stage) {
    case 'done':
      return words.cards.done(copy);
    case 'stopped':
      return words.cards.stopped(copy);
    case 'failed':
      if (copy.reason?.code === 'disk_away') return words.cards.takenOut(copy);
      if (copy.reason?.code === 'disk_full') return words.cards.diskFull(copy);
      return words.causes.failed(copy.reason?.code ?? 'internal');
    case 'listing':
    case 'running':
      return words.cards.copying(copy.name, copy.done, copy.total);
  }
}
