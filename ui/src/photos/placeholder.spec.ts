import { expect, it } from 'vitest';
import { decode } from './placeholder';

it('a thumbhash is a small picture', () => {
  const picture = decode('1QcSHQRnh493V4dIh4eXh1h4kJUI');
  expect(picture?.pixels.length).toBe((picture?.width ?? 0) * (picture?.height ?? 0) * 4);
});

it.each(['', '!', 'AA==', '%%%%%%%%', '\u202e'])('%j is none', (text) => {
  expect(decode(text)).toBeNull();
});
