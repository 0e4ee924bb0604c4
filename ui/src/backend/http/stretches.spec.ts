import { expect, it } from 'vitest';
import { isBefore, stretches } from './stretches';

it('every key lies in one stretch', () => {
  for (const key of [
    '2004/01/a.jpg',
    '2025/12/a.jpg',
    '2026/01/a.jpg',
    'undated/a',
    'a.jpg',
    '🙂',
  ]) {
    const within = stretches(2026).filter(
      ({ after, before }) =>
        (after === null || isBefore(after, key)) && (before === null || isBefore(key, before)),
    );
    expect(within, key).toHaveLength(1);
  }
});

it('keys are ordered as stores order them', () => {
  //  before, after
  for (const [one, other] of [
    ['a', 'b'],
    ['a', 'ab'],
    ['A', 'a'],
    ['2019/06', '2019/06/a'],
    ['\uffee', '🙂'],
  ] as const) {
    expect(isBefore(one, other), `${one} ${other}`).toBe(true);
    expect(isBefore(other, one), `${other} ${one}`).toBe(false);
  }
  expect(isBefore('a', 'a')).toBe(false);
});
