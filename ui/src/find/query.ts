/** What a query holds, as chips that can be taken off one by one. */

import type { FolderView } from '../backend/types/FolderView';
import type { Meaning } from '../backend/types/Meaning';
import type { Query } from '../backend/types/Query';
import { words } from '../words';
import { lastPart } from '../words/sentence';

export interface Chip {
  readonly key: string;
  readonly label: string;
  /** What the query becomes without it. */
  readonly without: Partial<Query>;
}

export function isEverything(query: Query): boolean {
  const { text, states, folder, formats, favourite } = query;
  return text.trim() === '' && chipless(states, formats) && folder === null && !favourite;
}

export function chips(query: Query, meaning: Meaning, folders: readonly FolderView[]): Chip[] {
  const chips: Chip[] = [];
  const { days, words: text } = meaning;
  if (days.length > 0) {
    const label = days.map((some) => words.find.days(some)).join(' · ');
    chips.push({ key: 'days', label, without: { text } });
  }
  if (query.favourite) {
    chips.push({ key: 'favourite', label: words.find.favourites, without: { favourite: false } });
  }
  for (const state of query.states) {
    chips.push({
      key: state,
      label: words.find.states[state],
      without: { states: query.states.filter((other) => other !== state) },
    });
  }
  if (query.folder) {
    const { folder, below } = query.folder;
    const watched = folders.find(({ id }) => id === folder)?.path ?? '';
    chips.push({
      key: 'folder',
      label: lastPart(below === '' ? watched : below),
      without: { folder: null },
    });
  }
  for (const format of query.formats) {
    chips.push({
      key: format,
      label: formatName(format),
      without: { formats: query.formats.filter((other) => other !== format) },
    });
  }
  return chips;
}

/** `JPEG` of `image/jpeg`, `CR2` of `image/x-canon-cr2`. */
export function formatName(mediaType: string): string {
  if (mediaType === UNREADABLE) return words.find.unreadable;
  const kind = mediaType.replace(/^image\//, '').replace(/^x-/, '');
  const short = kind.split('-').at(-1) ?? kind;
  return NAMES[kind] ?? short.toUpperCase();
}

/** What bytes are called that nothing could be made of. */
const UNREADABLE = 'application/octet-stream';

const NAMES: Record<string, string> = {
  webp: 'WebP',
  'vnd.microsoft.icon': 'ICO',
  jp2: 'JPEG 2000',
  jxl: 'JPEG XL',
};

function chipless(...filters: readonly (readonly unknown[])[]): boolean {
  return filters.every(({ length }) => length === 0);
}
