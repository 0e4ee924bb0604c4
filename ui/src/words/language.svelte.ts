/**
 * The language in which the window speaks now: the system's, until a person chose one.
 *
 * Whoever reads it while rendering is rendered anew when it changes; nothing is loaded again.
 */

import { type Language, localeOf, systemLanguage } from './locale';

let chosen = $state<Language | null>(null);

export const language = {
  get now(): Language {
    return chosen ?? systemLanguage;
  },
  /** For `<html lang>`. */
  get locale(): string {
    return localeOf(this.now);
  },
};

/** Null follows the system again. */
export function setLanguage(choice: Language | null): void {
  chosen = choice;
}
