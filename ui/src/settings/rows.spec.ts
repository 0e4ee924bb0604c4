import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '../words';
import { found, type RowKey, SECTIONS } from './rows';

const all: RowKey[] = Object.values(SECTIONS).flat();

afterEach(() => setLanguage(null));

it('every setting is found by nothing, and by a word of its own', () => {
  expect([...found('')]).toEqual(all);
  expect([...found('  ')]).toEqual(all);
});

it.each([
  ['dark', ['appearance']],
  ['DARK mode', ['appearance']],
  ['bandwidth', ['upload']],
  ['cache', ['thumbnails']],
  ['gitignore', ['patterns']],
  ['autostart', ['at_login']],
  ['toml', ['file']],
  ['sd card', ['offer_cards', 'notify_of_cards']],
  [
    'in the background',
    [
      'keep_running',
      'at_login',
      'notify_when_done',
      'notify_when_needed',
      'notify_of_cards',
      'quit',
    ],
  ],
  ['nonsense', []],
  ['dark cache', []],
] as const)('%s finds %j', (query, rows) => {
  expect([...found(query)]).toEqual(rows);
});

it('is found by the words of the language that is spoken', () => {
  setLanguage('de');
  expect([...found('bandbreite')]).toEqual(['upload']);
  expect([...found('grosse platte')]).toEqual(['thumbnails']);
  expect([...found('throttle')]).toEqual([]);
});
