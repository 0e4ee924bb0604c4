import { expect, it } from 'vitest';
import { nameOf, under } from './folder-place';

const folders = [
  { id: 1, path: '/home/mara/Pictures' },
  { id: 2, path: '/media/archive/' },
];

it('a place is called by its last folder', () => {
  expect(nameOf({ folder: 1, below: '' }, folders)).toBe('Pictures');
  expect(nameOf({ folder: 2, below: '' }, folders)).toBe('archive');
  expect(nameOf({ folder: 2, below: '2019/Lake' }, folders)).toBe('Lake');
});

it('each step leads one folder down', () => {
  const year = under({ folder: 1, below: '' }, '2019');
  expect(year).toEqual({ folder: 1, below: '2019' });
  expect(under(year, 'Lake')).toEqual({ folder: 1, below: '2019/Lake' });
});

it('a folder that is watched no longer has no name', () => {
  expect(nameOf({ folder: 3, below: '' }, folders)).toBe('');
});
