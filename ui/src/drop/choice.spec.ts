import { expect, it } from 'vitest';
import type { DropPlan } from '../backend/types/DropPlan';
import type { FolderPreview } from '../backend/types/FolderPreview';
import { choiceAt, isChoice } from './choice';

const folder: FolderPreview = {
  path: '/a',
  photos: 3,
  bytes: 9,
  videos: 0,
  other_files: 0,
  excluded: 0,
  more: false,
  refused: null,
};
const photos: DropPlan = {
  copy: 3,
  already_here: 0,
  folders: [],
  videos: 0,
  not_photos: 0,
  managed_folder: 'Pictures/imgn',
};
const withFolder: DropPlan = { ...photos, folders: [folder] };
const refused: DropPlan = {
  ...photos,
  folders: [{ ...folder, refused: { code: 'folder_inside_library', detail: '', retry_at: null } }],
};

it.each([
  ['photos are copied', photos, 10, 'copy'],
  ['a folder is watched', withFolder, 10, 'watch'],
  ['a folder dropped in the middle is watched', withFolder, 500, 'watch'],
  ['a folder dropped on the right is copied', withFolder, 900, 'copy'],
  ['a folder that cannot be watched is copied', refused, 10, 'copy'],
  ['what is not known yet is watched', null, 900, 'watch'],
] as const)('%s', (_, plan, x, expected) => {
  expect(choiceAt(plan, x, 1000)).toBe(expected);
});

it('there is a choice only for folders that can be watched', () => {
  expect([photos, withFolder, refused].map(isChoice)).toEqual([false, true, false]);
});
