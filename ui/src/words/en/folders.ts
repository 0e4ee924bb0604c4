/** Folders: the first run's question, the settings' list. */

import type { FolderPreview } from '../../backend/types/FolderPreview';
import type { FolderState } from '../../backend/types/FolderState';
import type { Status } from '../../backend/types/Status';
import { name, type Sentence, say } from '../sentence';
import { bytes, count, counted, files, photos } from './amounts';

export const folders = {
  welcome: 'Your photos, safe where you say',
  which: 'Which folders?',
  whichNote: say`imgn watches them. It never changes or deletes anything in them.`,
  where: 'Where should they be safe?',
  startNote: say`Photos appear at once; each goes up, and is checked, behind them.`,
  startMissing: {
    folders: say`Choose a folder first.`,
    destination: say`Choose where they should be safe, and test it.`,
  },
  starting: say`Starting…`,
  unwatched: say`A folder could not be watched; its line says why. Leave it out, or start again.`,
  looking: say`Counting…`,
  another: 'Another folder',
  path: (path: string): Sentence => say`${name(path)}`,
  found: ({ photos: found, bytes: size, more, excluded, videos }: FolderPreview): Sentence => {
    const some = more ? 'more than ' : '';
    const parts = [
      found === 0 ? 'no photos yet' : `${some}${photos(found)}, ${bytes(size)}`,
      ...(videos > 0 ? [`${counted(videos, 'video', 'videos')} not backed up`] : []),
      ...(excluded > 0 ? [`${files(excluded)} left out by your patterns`] : []),
    ];
    return say`${parts.join('; ')}`;
  },

  watched: 'Watched folders',
  counts: (here: number, size: number): Sentence =>
    here === 0 ? say`no photos yet` : say`${photos(here)}, ${bytes(size)}`,
  managed: say`Photos that you drop are copied here.`,
  ownLine: (path: string): Sentence => say`${name(path)} in it has a line of its own.`,
  leftOut: (paths: readonly string[]): Sentence =>
    paths.length === 1 && paths[0] !== undefined
      ? say`${name(paths[0])} in it is left out: imgn keeps its own things there.`
      : say`${counted(paths.length, 'folder', 'folders')} in it are left out: imgn keeps its own things there.`,
  polling: say`Looked at every so often, since the system has no watches left.`,
  states: {
    watching: 'Watched',
    scanning: 'Being read',
    offline: 'Offline',
  } satisfies Record<FolderState, string>,
  removed: (path: string): Sentence =>
    say`${name(path)} is no longer watched. Nothing was deleted.`,
  /** What is in the folders, and what of it is not backed up. */
  total: ({
    photos: here,
    videos,
    other_files,
  }: Pick<Status, 'photos' | 'videos' | 'other_files'>): Sentence => {
    const left = [
      ...(videos > 0 ? [counted(videos, 'video', 'videos')] : []),
      ...(other_files > 0
        ? [
            videos > 0
              ? `${count(other_files)} other ${other_files === 1 ? 'file' : 'files'}`
              : files(other_files),
          ]
        : []),
    ];
    if (left.length === 0) return say`${photos(here)}.`;
    const verb = videos + other_files === 1 ? 'is' : 'are';
    return say`${photos(here)}; ${left.join(' and ')} ${verb} not backed up.`;
  },
  whatIsAPhoto: 'What is a photo?',
  photoMeans: say`JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC, AVIF, JPEG XL, JPEG 2000 and camera RAW, judged by content and not by name. Videos are not backed up yet.`,
};
