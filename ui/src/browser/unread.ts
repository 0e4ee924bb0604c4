/** What is said of a gallery that could not be read. */

import { type Failure, TooOften } from '../backend/backend';
import { words } from '../words';
import type { Sentence } from '../words/sentence';

export function unread(why: Failure): Sentence {
  return why instanceof TooOften
    ? words.browser.tooOften(why.seconds)
    : words.browser.broken(why.code);
}
