/** What can be done with photos of the library on this computer. */

import type { Backend } from '../backend/backend';
import type { Selection } from '../backend/types/Selection';
import { words } from '../words';
import { lastPart, type Sentence, together } from '../words/sentence';
import type { Deeds, Outcome } from './deeds';

export function deskDeeds(backend: Backend): Deeds {
  return {
    all: () => [
      {
        key: 'copy',
        label: words.chosen.copy,
        glyph: 'copy',
        run: async (of, many) => ({ said: copied(many, await backend.copyFiles(of)) }),
      },
      {
        key: 'save',
        label: words.chosen.saveAs,
        glyph: 'save',
        run: (of) => save(backend, of),
      },
      {
        key: 'folder',
        label: words.chosen.showInFolder,
        glyph: 'folder',
        run: async (of) => ({
          said: (await backend.showInFolder(of)) ? null : words.chosen.nothingHere,
        }),
      },
      {
        key: 'upload',
        label: words.chosen.uploadNow,
        glyph: 'upload',
        run: async (of, many) => {
          await backend.uploadNow(of);
          return { said: words.chosen.hurried(many) };
        },
      },
    ],
    favour: (selection, favourite) => backend.setFavourite(selection, favourite),
  };
}

function copied(all: number, copied: number): Sentence {
  if (copied === 0) return words.chosen.nothingHere;
  return copied < all ? words.chosen.copiedSome(copied, all - copied) : words.chosen.copied(copied);
}

async function save(backend: Backend, of: Selection): Promise<Outcome> {
  const into = await backend.pickFolder();
  if (into === null) return { said: null };
  const { saved, already_there, failed } = await backend.saveOriginals(of, into);
  const parts: Sentence[] = [];
  if (saved > 0 || already_there + failed.length === 0) {
    parts.push(words.chosen.saved(saved, lastPart(into)));
  }
  if (already_there > 0) parts.push(words.chosen.alreadyThere(already_there));
  if (failed.length > 0) parts.push(words.chosen.notSaved(failed.length));
  return {
    said: together(...parts),
    details: failed.map(({ name, reason }) => `${name}: ${reason.detail}`).join('\n'),
  };
}
