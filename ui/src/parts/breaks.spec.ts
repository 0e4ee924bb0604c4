import { expect, test } from 'vitest';
import { breaks } from './breaks';

test.each([
  ['Photos SSD', ['Photos SSD']],
  ['/home/ann/Pictures', ['/', 'home/', 'ann/', 'Pictures']],
  ['C:\\Users\\Ann', ['C:\\', 'Users\\', 'Ann']],
  ['smb://nas//photos/', ['smb://', 'nas//', 'photos/']],
  ['', ['']],
])('%s may break after its separators', (name, pieces) => {
  expect(breaks(name)).toEqual(pieces);
  expect(breaks(name).join('')).toBe(name);
});
