/**
 * The languages that the window speaks, and the region whose dates and numbers go with each.
 *
 * A *locale* is a language and a region, as `de-AT`: a person in Graz reads German, and the first
 * month of the year is Jänner.
 */

import type { Language } from '../backend/types/Language';

export type { Language };
export const LANGUAGES: readonly Language[] = ['en', 'de'];

/** Where the system names no region for a language. */
const HOME: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** What the system prefers, most wanted first. */
const preferred: readonly string[] = globalThis.navigator?.languages ?? [];

/** The first of the system's languages that is spoken here; English where none is. */
export function languageOf(tags: readonly string[]): Language {
  for (const tag of tags) {
    const spoken = LANGUAGES.find((language) => language === tag.split('-')[0]?.toLowerCase());
    if (spoken) return spoken;
  }
  return 'en';
}

/** The region's way of writing a language, where the system says it. */
export function localeOf(language: Language, tags: readonly string[] = preferred): string {
  const regional = new RegExp(`^${language}-[A-Z]{2}$`);
  return tags.find((tag) => regional.test(tag)) ?? HOME[language];
}

export const systemLanguage = languageOf(preferred);
