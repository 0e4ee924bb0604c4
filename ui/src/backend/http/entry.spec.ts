import { expect, it } from 'vitest';
import { detailOf, entryOf, isSame, offset } from './entry';

const BASE = new URL('https://nas.example/photos/');
const listed = {
  src: 'gallery/2019/06/a%20b.jpg',
  meta: '4000x3000',
  key: '2019/06/a b.jpg',
  sha256: 'ab'.repeat(32),
  size: 7,
  type: 'image/jpeg',
  taken_at: '2019-06-14T12:30:00',
  thumb: `thumbs/${'ab'.repeat(32)}.webp`,
  metadata: {
    schema: 'imgn/1',
    width: 3000,
    height: 4000,
    utc_offset: '+02:00',
    camera: { make: 'FUJIFILM', model: 'X100V' },
    exposure: { f_number: 5.6, time: 0.004, iso: 160 },
    gps: { lat: 47.1, lon: 8.5 },
    title: 'Évening <b>',
    keywords: ['lake', 7],
    original_name: 'a b.jpg',
  },
};

it('addresses are those of the API, below whatever folder it is', () => {
  const entry = entryOf(listed, BASE);
  expect(entry?.src).toBe('https://nas.example/photos/gallery/2019/06/a%20b.jpg');
  expect(entry?.thumb).toBe(`https://nas.example/photos/thumbs/${'ab'.repeat(32)}.webp`);
});

it('sizes are those displayed', () => {
  expect(entryOf(listed, BASE)).toMatchObject({ width: 3000, height: 4000, extracted: true });
  const { metadata: _, ...plain } = listed;
  expect(entryOf(plain, BASE)).toMatchObject({ width: 4000, height: 3000, extracted: false });
});

//  name, what is listed
const nothing: readonly [string, unknown][] = [
  ['a text', 'x'],
  ['null', null],
  ['a list', [listed]],
  ['no key', { ...listed, key: undefined }],
  ['no address', { ...listed, src: 7 }],
  ['a script for an address', { ...listed, src: 'javascript:alert(1)' }],
  ['data for an address', { ...listed, src: 'data:text/html,<script>' }],
];

it.each(nothing)('%s is no entry', (_, value) => {
  expect(entryOf(value, BASE)).toBeNull();
});

it('what is odd in an entry is not there', () => {
  const odd = {
    ...listed,
    meta: '<img src=x onerror=alert(1)>',
    thumb: 'javascript:alert(1)',
    taken_at: 'yesterday',
    size: 'much',
    metadata: 'text',
  };
  expect(entryOf(odd, BASE)).toMatchObject({
    width: 0,
    height: 0,
    thumb: null,
    takenAt: null,
    size: 0,
    name: 'a b.jpg',
  });
});

it('a photo that is looked at tells all that its sidecar says', () => {
  const entry = entryOf(listed, BASE);
  if (!entry) throw new Error('it is an entry');
  expect(detailOf(3, entry, listed)).toMatchObject({
    id: 3,
    camera_model: 'X100V',
    exposure_time: 0.004,
    latitude: 47.1,
    altitude: null,
    utc_offset: 7200,
    title: 'Évening <b>',
    keywords: ['lake'],
    original_shown: true,
  });
  expect(detailOf(3, { ...entry, mediaType: 'image/heic' }, listed).original_shown).toBe(false);
});

it('an offset is seconds east of UTC', () => {
  expect(offset('+02:00')).toBe(7200);
  expect(offset('-03:30')).toBe(-12_600);
  expect(offset('CET')).toBeNull();
  expect(offset(null)).toBeNull();
});

it('an address that was signed anew changes nothing that is seen', () => {
  const signed = (signature: string) =>
    entryOf({ ...listed, src: `https://s3.example/a.jpg?X-Amz-Signature=${signature}` }, BASE);
  const [one, other] = [signed('1'), signed('2')];
  if (!one || !other) throw new Error('they are entries');
  expect(isSame(one, other)).toBe(true);
  expect(isSame(one, { ...other, width: 1 })).toBe(false);
});
