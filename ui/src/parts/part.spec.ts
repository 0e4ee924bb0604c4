import { expect, it } from 'vitest';
import { partOf } from './part';

it.each([
  // done, total, part
  [0, 10, 0],
  [5, 10, 0.5],
  [10, 10, 1],
  [11, 10, 1],
  [0, 0, 0],
  [3, 0, 0],
])('%i of %i is %d', (done, total, part) => {
  expect(partOf(done, total)).toBe(part);
});
