/** The settings: what each is called, what it means, and what else people call it. */

import type { ImportReport } from '../../backend/types/ImportReport';
import type { PatternCounts } from '../../backend/types/PatternCounts';
import type { PlaceKind } from '../../backend/types/PlaceKind';
import { name, type Sentence, say } from '../sentence';
import { agreeing, bytes, counted, photos } from './amounts';

export const settings = {
  find: 'Find a setting',
  nothing: (query: string): Sentence =>
    say`No setting has to do with ${name(query)}. Try another word.`,
  sections: {
    folders: 'Watched folders',
    destinations: 'Where your photos are safe',
    cards: 'Cards and cameras',
    limits: 'Limits',
    look: 'Appearance and language',
    background: 'In the background',
    kept: 'Where things are kept',
    file: 'To another computer',
  },

  patterns: 'What is left out',
  patternsNote: say`Patterns for every watched folder, one a line, as in .gitignore. Nothing is deleted: what was backed up stays safe.`,
  folderPatterns: 'Patterns',
  folderPatternsFor: (path: string): string => `Patterns for ${path}`,
  folderPatternsNote: say`For this folder alone, after the patterns of all.`,
  exclude: 'Leave out',
  excludeExample: 'Thumbnails/',
  include: 'Take in nothing but',
  includeHint: 'Leave it empty to take in everything.',
  usePatterns: 'Use these patterns',
  previewing: say`Trying them…`,
  preview: ({ kept, left_out }: PatternCounts): Sentence =>
    left_out === 0
      ? say`Nothing is left out; ${photos(kept)} ${agreeing(kept, 'is', 'are')} taken in.`
      : say`${photos(left_out)} left out; ${photos(kept)} ${agreeing(kept, 'is', 'are')} taken in.`,
  previewOffline: (folders: number): Sentence =>
    say`${counted(folders, 'folder is', 'folders are')} not there: what is known of ${agreeing(folders, 'it', 'them')} is counted.`,
  leftOutBy: (path: string, pattern: string): Sentence => say`${name(path)} by ${name(pattern)}`,
  notIncluded: (path: string): Sentence => say`${name(path)} matches nothing that is taken in`,
  leftOutExamples: 'Left out, for example',
  keptExamples: 'Taken in, for example',
  wrongPattern: (pattern: string): Sentence => say`${name(pattern)} makes no sense as a pattern.`,
  inUse: say`These patterns hold.`,

  templatePreview: 'Your photos would be called',
  templateInvented: 'A photo would be called',
  wrongTemplate: say`This makes no name for a photo. Fields are {year}, {month}, {day}, {path}, {filename}, {stem}, {ext}, {sha256} and {camera}; the last part must tell photos apart.`,
  example: (file: string, key: string): Sentence => say`${name(file)} → ${name(key)}`,

  edit: 'Edit',
  editing: (place: string): string => `Edit ${place}`,
  placeName: 'Name',
  tokenStays: 'Leave the token empty to keep it.',
  passwordStays: 'Leave both empty to keep the name and the password.',
  keysStay: 'Leave both empty to keep the key.',
  saveChanges: 'Save changes',
  editNote: say`imgn looks first whether the same library is there. Photos that are there already keep their names.`,
  changed: (place: string): Sentence => say`${name(place)} is changed.`,

  upload: 'Speed of uploads to buckets',
  uploadNote: say`Over all uploads together. Leave it empty for as fast as it goes.`,
  perSecond: { kB: 'kB a second', MB: 'MB a second' },
  thumbnails: 'Room for thumbnails',
  thumbnailsNote: say`Those not looked at for longest give way, and come back when you look.`,
  thumbnailsNow: (size: number): Sentence => say`${bytes(size)} now.`,
  sizes: { MB: 'MB', GB: 'GB' },
  unit: 'Unit',
  wrongAmount: say`This is no amount. Type a number above 0, such as 2 or 1.5.`,

  appearance: 'Appearance',
  appearanceNote: say`Light or dark.`,
  appearances: { system: 'As the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  languageNote: say`Of the window, the tray and what imgn tells you.`,
  languageOfSystem: 'As the system',

  places: 'On this computer',
  placesNote: say`Your photos stay in their own folders. This is what imgn keeps beside them.`,
  placeKinds: {
    library: 'The list of your photos, and what proves that they are safe',
    settings: 'The settings',
    originals: 'Photos that you drop',
    thumbnails: 'Thumbnails',
  } satisfies Record<PlaceKind, string>,
  takes: (size: number): Sentence => say`${bytes(size)}`,
  showPlaceOf: (path: string): string => `Show ${path} in its folder`,
  copyPathOf: (path: string): string => `Copy ${path}`,

  file: 'The settings file',
  fileNote: say`The window and imgn-cli share it. Whatever you change in it holds within seconds.`,
  openFile: 'Open the settings file',
  export: 'Take along',
  exportNote: say`Settings, watched folders and places in one file. No key and no password is in it.`,
  exportTo: 'Export…',
  exported: (path: string): Sentence => say`Written to ${name(path)}.`,
  import: 'Take in',
  importNote: say`What such a file has, as a whole or nothing of it. What is here already stays.`,
  importFrom: 'Import…',
  imported: ({ settings_changed, folders, destinations }: ImportReport): Sentence => {
    const added = (all: readonly { became: string }[]) =>
      all.filter(({ became }) => became !== 'known').length;
    const [watched, placed] = [added(folders), added(destinations)];
    const held = settings_changed
      ? say`The settings of the file hold now.`
      : say`The settings were the same.`;
    return watched + placed === 0
      ? say`${held} Folders and places were known.`
      : say`${held} New: ${counted(watched, 'folder', 'folders')} and ${counted(placed, 'place', 'places')}.`;
  },
  importedOffline: (paths: number): Sentence =>
    say`${counted(paths, 'folder is', 'folders are')} not there yet, and watched as soon as ${agreeing(paths, 'it is', 'they are')}.`,
  needsKeys: (place: string): Sentence => say`${name(place)} needs its key: enter it in Storage.`,

  /** What else these are called, for finding them. */
  also: {
    watched: 'directories path watch pictures remove add stop watching what is a photo videos',
    patterns: 'exclude include ignore filter gitignore leave out skip',
    destinations:
      'storage backup place bucket s3 minio nas disk server key template add edit endpoint second',
    offer_cards: 'sd memory card camera phone dcim usb import plug mount',
    upload: 'bandwidth limit throttle speed network slow line rate',
    thumbnails: 'cache size disk space previews limit',
    appearance: 'theme dark light mode colour color design',
    language: 'english german deutsch translation locale',
    keep_running: 'tray close window quit background',
    at_login: 'autostart startup boot launch',
    notify_when_done: 'notification message bell',
    notify_when_needed: 'notification message warning',
    notify_of_cards: 'notification message sd memory card camera phone',
    quit: 'exit end close',
    places: 'path folder location database library originals thumbnails logs size where copy',
    file: 'toml configuration config edit text editor open',
    export: 'backup save move another computer new migrate',
    import: 'restore load move another computer new migrate',
  },
};
