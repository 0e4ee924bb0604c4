/**
 * Every text of the interface, in the language of the person who looks at it.
 *
 * A *catalogue* is all texts in one language. English says which texts there are; the others have
 * its type, so that a missing or misspelt one is an error of the types. Plain sentences, present
 * tense, second person; no codes, no exclamation marks. Words that depend on a number go through
 * `Intl.PluralRules`, names stand in italics.
 *
 * **Invariant:** `words.x.y` is read where it is shown, never kept: so it follows the language.
 */

import { de } from './words/de';
import { en } from './words/en';
import { language } from './words/language.svelte';
import type { Language } from './words/locale';

export { language, setLanguage } from './words/language.svelte';
export { LANGUAGES, type Language } from './words/locale';

export type Catalogue = typeof en;

const catalogues: Record<Language, Catalogue> = { en, de };

export const words: Catalogue = new Proxy(en, {
  get: (_, section: keyof Catalogue) => catalogues[language.now][section],
});
