/** What can be done with photos of the library on this computer. */

import type { LibraryState } from '../app/library.svelte';
import type { Backend } from '../backend/backend';
import type { Selection } from '../backend/types/Selection';
import { LASTING } from '../lightbox/link.svelte';
import { words } from '../words';
import { lastPart, type Sentence, together } from '../words/sentence';
import type { Deed, Deeds, Outcome } from './deeds';

/** Each link is looked for at its place first. */
const MOST_LINKS = 500;

export function deskDeeds(library: Pick<LibraryState, 'backend' | 'status'>): Deeds {
  const { backend } = library;
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
        run: async (of) => {
          const left = await backend.uploadNow(of);
          return { said: left > 0 ? words.chosen.hurried(left) : words.chosen.nothingToHurry };
        },
      },
      ...(givesLinks(library) ? links(backend) : []),
    ],
    favour: (selection, favourite) => backend.setFavourite(selection, favourite),
  };
}

/** Folders give none. */
function givesLinks({ status }: Pick<LibraryState, 'status'>): boolean {
  return (status?.destinations ?? []).some(({ config }) => config.kind === 's3');
}

function links(backend: Backend): Deed[] {
  return (['hour', 'day', 'week'] as const).map((lasting) => ({
    key: `link-${lasting}`,
    label: words.chosen.linksFor[lasting],
    glyph: 'copy',
    scope: 'several',
    meanwhile: words.chosen.linking,
    run: async (of, many) => {
      if (many > MOST_LINKS) return { said: words.chosen.tooManyLinks(MOST_LINKS) };
      const { links, until, without } = await backend.copyLinks(of, LASTING[lasting]);
      if (until === null) return { said: words.chosen.noLinks, stands: 'until dismissed' };
      const left = without > 0 ? words.chosen.withoutLink(without) : null;
      return {
        said: together(words.chosen.linked(links, until), left),
        stands: 'until dismissed',
      };
    },
  }));
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
