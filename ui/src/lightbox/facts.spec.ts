import { expect, it } from 'vitest';
import { exposureLine, exposureTime, shortHash } from './facts';

const nothing = {
  camera_make: null,
  camera_model: null,
  f_number: null,
  exposure_time: null,
  iso: null,
  focal_length: null,
};

it.each([
  [
    'all of it',
    {
      camera_make: 'FUJIFILM',
      camera_model: 'X100V',
      focal_length: 23,
      f_number: 5.6,
      exposure_time: 0.004,
      iso: 160,
    },
    'X100V · 23\u00a0mm · ƒ/5.6 · 1/250\u00a0s · ISO\u00a0160',
  ],
  ['only the make', { camera_make: 'Leica ' }, 'Leica'],
  ['a model that is a number', { camera_make: 'Ricoh', camera_model: '35' }, 'Ricoh 35'],
  ['rounded', { focal_length: 4.25, f_number: 2 }, '4.3\u00a0mm · ƒ/2'],
  ['impossible values', { f_number: 0, exposure_time: -1, iso: Number.NaN }, ''],
  ['nothing', {}, ''],
])('%s', (_, known, line) => {
  expect(exposureLine({ ...nothing, ...known })).toBe(line);
});

it.each([
  [1 / 8000, '1/8000 s'],
  [1 / 3.2, '0.3 s'],
  [0.8, '0.8 s'],
  [30, '30 s'],
])('%d seconds', (seconds, said) => {
  expect(exposureTime(seconds)).toBe(said);
});

it('a hash is short enough to compare', () => {
  expect(shortHash(`9f2c${'0'.repeat(58)}e1`)).toBe('9f2c…e1');
});
