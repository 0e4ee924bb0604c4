import { describe, expect, it } from 'vitest';
import { legible, legibleLines, name, plain, say, together } from './sentence';

it('names stand apart from words', () => {
  expect(say`All are safe in ${name('nas')}.`).toEqual(['All are safe in ', { name: 'nas' }, '.']);
});

it('sentences go into sentences', () => {
  expect(plain(say`Look: ${say`${name('nas')} waits`}.`)).toBe('Look: nas waits.');
});

it('what says nothing leaves no space behind', () => {
  expect(plain(together(say`One.`, null, say``, say`Two.`))).toBe('One. Two.');
});

describe('names from outside', () => {
  it.each([
    ['right-to-left override', 'gnp.\u202egpj.exe'],
    ['isolates', '\u2066a\u2069'],
    ['line breaks', 'a\nb'],
    ['bell', 'a\u0007b'],
    ['line separator', 'a\u2028b'],
  ])('%s cannot turn the words around', (_, text) => {
    expect(legible(text)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
    expect(plain([name(text)])).toBe(legible(text));
  });

  it('keep letters of every script and emoji', () => {
    expect(legible('Größe שלום 👩‍👩‍👧.jpg')).toBe('Größe שלום 👩‍👩‍👧.jpg');
  });

  it('keep line breaks where there is room for them', () => {
    expect(legibleLines('a\r\nb\u202e')).toBe('a\nb\ufffd');
  });
});
