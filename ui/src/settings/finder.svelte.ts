/** Which settings are shown: all of them, or those that have to do with what was typed. */

import { found, type RowKey, SECTIONS, type SectionKey } from './rows';

export class Finder {
  query = $state('');
  readonly #rows: ReadonlySet<RowKey> = $derived(found(this.query));
  readonly nothing = $derived(this.#rows.size === 0);

  shows(row: RowKey): boolean {
    return this.#rows.has(row);
  }

  showsAny(section: SectionKey): boolean {
    return SECTIONS[section].some((row) => this.#rows.has(row));
  }
}
