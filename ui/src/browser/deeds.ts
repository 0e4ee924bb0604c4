/** What can be done with photos in a browser: they are saved where it saves everything. */

import type { Visit } from '../backend/backend';
import type { Deeds } from '../choose/deeds';
import { words } from '../words';

/** Between two files: a browser drops some of those that come at once. */
const BETWEEN_MS = 300;
/** A browser may begin to save some time after the click. */
const SAVED_MS = 60_000;

export function browserDeeds(visit: Visit): Deeds {
  return {
    all: () => [
      {
        key: 'save',
        label: words.browser.save,
        glyph: 'save',
        run: async (selection) => {
          const ids = visit.chosen(selection);
          for (const [nth, id] of ids.entries()) {
            if (nth > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
            await save(visit, id);
          }
          return { said: words.browser.saved(ids.length) };
        },
      },
    ],
    favour: null,
  };
}

/** A link to another origin is opened and not saved: its bytes come here first. */
async function save(visit: Visit, id: number): Promise<void> {
  const original = await visit.original(id);
  const url = typeof original === 'string' ? original : URL.createObjectURL(original);
  const link = document.createElement('a');
  link.href = url;
  link.download = visit.nameOf(id);
  link.click();
  if (typeof original !== 'string') setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}
