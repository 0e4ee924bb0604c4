/** Places in the tree of the watched folders. */

import type { FolderPlace } from '../backend/types/FolderPlace';
import type { FolderView } from '../backend/types/FolderView';
import { lastPart } from '../words/sentence';

/** The folder of this name right below a place. */
export function under(at: FolderPlace, name: string): FolderPlace {
  return { folder: at.folder, below: at.below === '' ? name : `${at.below}/${name}` };
}

/** What a place is called: by its own folder's name alone. */
export function nameOf(
  at: FolderPlace,
  folders: readonly Pick<FolderView, 'id' | 'path'>[],
): string {
  const watched = folders.find(({ id }) => id === at.folder)?.path ?? '';
  return lastPart(at.below === '' ? watched : at.below);
}
