/** Looking for photos: the search field, filters, and what was found. */

import type { Days } from '../../backend/types/Days';
import type { StateFilter } from '../../backend/types/StateFilter';
import { name, type Sentence, say } from '../sentence';
import { photos, span } from './amounts';

const states: Record<StateFilter, string> = {
  not_safe: 'Not safe yet',
  needs_you: 'Needs you',
  online_only: 'Online only',
};

export const find = {
  search: 'Search your photos',
  example: 'lake, June 2019, X100V',
  clear: 'Clear the search',
  filter: 'Filter',
  filters: 'Filters',
  states,
  state: 'State',
  favourites: 'Favourites',
  format: 'Format',
  /** Of a photo whose bytes nothing could be made of. */
  unreadable: 'Unreadable',
  folder: 'Folder',
  everywhere: 'All folders',
  within: (folder: string): string => `Folders in ${folder}`,
  days: (days: Days): string => span(days),
  takeOff: (chip: string): string => `Take off: ${chip}`,
  found: (count: number): string => `${photos(count)} found`,
  nothing: 'Nothing found',
  nothingFrom: (days: string): Sentence => say`No photo is from ${days}.`,
  /** When a date was read out of the text. */
  nothingOnDays: (typed: string): Sentence =>
    say`A date was read in your words. In quotes, “${name(typed)}” is looked for in names, places and captions.`,
  nothingByWords: say`All of your words have to begin a word of a photo's name, camera, folder or caption. With fewer words more is found.`,
  nothingByFilters: say`No photo has all of these filters. Take one off to see more.`,
  showAll: 'Show all photos',
};
