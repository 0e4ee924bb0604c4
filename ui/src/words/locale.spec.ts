import { afterEach, describe, expect, it } from 'vitest';
import { language, setLanguage, words } from '../words';
import { languageOf, localeOf } from './locale';

describe('the system’s language', () => {
  it.each([
    ['the first that is spoken', ['fr-FR', 'de-AT', 'en-GB'], 'de'],
    ['without a region', ['de'], 'de'],
    ['in capitals', ['DE-de'], 'de'],
    ['none that is spoken', ['fr-FR', 'pt'], 'en'],
    ['a longer word that begins alike', ['den-CA', 'enm'], 'en'],
    ['nothing said', [], 'en'],
  ] as const)('%s', (_, tags, expected) => {
    expect(languageOf(tags)).toBe(expected);
  });
});

describe('a language’s region', () => {
  it.each([
    ['the system’s', 'de', ['en-US', 'de-AT'], 'de-AT'],
    ['its home where the system names none', 'de', ['de', 'en-US'], 'de-DE'],
    ['never one that cannot be formatted', 'en', ['en-x-rubbish_'], 'en-GB'],
  ] as const)('%s', (_, spoken, tags, expected) => {
    expect(localeOf(spoken, tags)).toBe(expected);
  });
});

describe('a chosen language', () => {
  afterEach(() => setLanguage(null));

  it('is spoken at once, and the system’s again when it is let go', () => {
    expect([language.now, words.actions.cancel]).toEqual(['en', 'Cancel']);
    setLanguage('de');
    expect([language.now, language.locale, words.actions.cancel]).toEqual([
      'de',
      'de-DE',
      'Abbrechen',
    ]);
    setLanguage(null);
    expect(words.actions.cancel).toBe('Cancel');
  });
});
