import { beforeEach, expect, it } from 'vitest';
import { EVERYTHING } from '../../photos/timeline.svelte';
import { Catalogue } from './catalogue';
import { type Entry, entryOf } from './entry';

let catalogue: Catalogue;

function entry(key: string, takenAt: string | null, more: object = {}): Entry {
  const made = entryOf(
    { key, src: `gallery/${key}`, taken_at: takenAt, ...more },
    new URL('http://nas/'),
  );
  if (!made) throw new Error(`${key} is an entry`);
  return made;
}

const query = (text: string) => ({ ...EVERYTHING, text });
const names = (month: string | null, text = '', after: string | null = null, limit = 100) =>
  catalogue.tiles(query(text), month, after, limit).map(({ name }) => name);

beforeEach(() => {
  catalogue = new Catalogue();
  catalogue.take([
    entry('2019/06/lake.jpg', '2019-06-14T12:00:00', {
      metadata: { title: 'Zürichsee', camera: { model: 'X100V' }, keywords: ['evening'] },
    }),
    entry('2019/06/dawn.jpg', '2019-06-15T05:00:00'),
    entry('2024/12/tree.jpg', '2024-12-24T20:00:00'),
    entry('undated/scan.png', null),
  ]);
});

it('months come newest first, the undated last, each newest first', () => {
  expect(catalogue.sections(EVERYTHING)).toEqual([
    { month: '2024-12', count: 1 },
    { month: '2019-06', count: 2 },
    { month: null, count: 1 },
  ]);
  expect(names('2019-06')).toEqual(['dawn.jpg', 'lake.jpg']);
});

it('a page to which nothing was confirmed calls no photo safe', () => {
  const states = catalogue.tiles(EVERYTHING, '2019-06', null, 2).map(({ state }) => state);
  expect(states).toEqual(['online_only', 'online_only']);
});

it('a page begins where the one before ended', () => {
  const [first] = catalogue.tiles(EVERYTHING, '2019-06', null, 1);
  expect(names('2019-06', '', first?.cursor ?? null)).toEqual(['lake.jpg']);
});

//  text, months that have something
const searches: readonly [string, (string | null)[]][] = [
  ['lake', ['2019-06']],
  ['LAK', ['2019-06']],
  ['ake', []],
  ['zurich', ['2019-06']],
  ['x100v even', ['2019-06']],
  ['x100v tree', []],
  ['2019', ['2019-06']],
  ['"2019"', ['2019-06']],
  ['June 2019', ['2019-06']],
  ['Dezember', ['2024-12']],
  ['2024-12-24', ['2024-12']],
  ['2024-12-25', []],
  ['scan', [null]],
  ['  ', ['2024-12', '2019-06', null]],
];

it.each(searches)('%s is found', (text, months) => {
  expect(catalogue.sections(query(text)).map(({ month }) => month)).toEqual(months);
});

it('a photo keeps its number when the list is read anew, also in another month', () => {
  const [before] = catalogue.tiles(EVERYTHING, null, null, 1);
  const changed = catalogue.take([entry('undated/scan.png', '2004-01-01T00:00:00')]);
  expect([...changed].sort()).toEqual(['2004-01', null]);
  expect(catalogue.tiles(EVERYTHING, '2004-01', null, 1)[0]?.id).toBe(before?.id);
  expect(catalogue.sections(EVERYTHING).map(({ month }) => month)).not.toContain(null);
});

it('photos that were not looked into yet are counted', () => {
  expect(catalogue.coming).toBe(3);
});

it('the same list again changes nothing', () => {
  expect(catalogue.take([entry('2024/12/tree.jpg', '2024-12-24T20:00:00')]).size).toBe(0);
});

it('what a whole list does not hold is gone', () => {
  const keys = new Set(catalogue.keys());
  keys.delete('2024/12/tree.jpg');
  expect([...catalogue.keepOnly(keys)]).toEqual(['2024-12']);
  expect(catalogue.size).toBe(3);
});

it('a choice of whole months is what the query finds in them', () => {
  const [first, second] = catalogue.tiles(EVERYTHING, '2019-06', null, 2).map(({ id }) => id);
  const of = { months: ['2019-06'], except: [first ?? 0], ids: [99] };
  expect(catalogue.chosen({ query: EVERYTHING, ...of })).toEqual([second, 99]);
  expect(catalogue.chosen({ query: query('tree'), ...of })).toEqual([99]);
});

it('a hundred thousand photos are ready in a moment', () => {
  const many = Array.from({ length: 100_000 }, (_, nth) =>
    entry(
      `${2004 + (nth % 20)}/x/${nth}.jpg`,
      `${2004 + (nth % 20)}-0${1 + (nth % 9)}-01T00:00:00`,
    ),
  );
  const large = new Catalogue();
  for (let at = 0; at < many.length; at += 500) large.take(many.slice(at, at + 500));
  const begun = performance.now();
  const sections = large.sections(EVERYTHING);
  large.tiles(EVERYTHING, sections[0]?.month ?? null, null, 200);
  large.sections(query('x 2010'));
  // Generous: only a growth that is worse than it should be is as slow.
  expect(performance.now() - begun).toBeLessThan(3_000);
});
