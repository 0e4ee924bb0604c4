import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../backend/types/Cause';
import { type Catalogue, words } from '../words';
import { de } from './de';
import { en } from './en';
import { samplesFor } from './samples';
import { type Piece, plain, type Sentence } from './sentence';

const CAUSES =
  readFileSync(new URL('../backend/types/Cause.ts', import.meta.url), 'utf8')
    .match(/"(\w+)"/g)
    ?.map((quoted) => quoted.slice(1, -1) as Cause) ?? [];
const samples = samplesFor(CAUSES);

/** One text as it is shown: where it stands, and the words and names of it. */
type Shown = readonly [where: string, said: Sentence];

/** Every text of a catalogue; one that depends on something, once for each sample. */
function shown(catalogue: Catalogue): Shown[] {
  return Object.entries(catalogue).flatMap(([section, texts]) =>
    textsOf(section, texts, samples[section as keyof Catalogue]),
  );
}

function textsOf(where: string, value: unknown, calls: unknown): Shown[] {
  if (typeof value === 'string') return [[where, [value]]];
  if (Array.isArray(value)) return [[where, value as Sentence]];
  if (typeof value === 'function') {
    return (calls as unknown[][]).map((args, index): Shown => {
      const said: string | Sentence = value(...args);
      return [`${where} #${index}`, typeof said === 'string' ? [said] : said];
    });
  }
  return Object.entries(value as object).flatMap(([key, inner]) =>
    textsOf(`${where}.${key}`, inner, (calls as Record<string, unknown> | undefined)?.[key]),
  );
}

const pairs = shown(en).map(([where, english], index): [string, Sentence, Sentence] => {
  const [there, german] = shown(de)[index] ?? [];
  if (there !== where || !german) throw new Error(`German has ${there} where English has ${where}`);
  return [where, english, german];
});

const isName = (piece: Piece): piece is { name: string } => typeof piece !== 'string';
const names = (said: Sentence): string[] =>
  said
    .filter(isName)
    .map((piece) => piece.name)
    .sort();
const wordsOf = (said: Sentence): string => said.filter((piece) => !isName(piece)).join(' ');
/** Without what groups thousands or begins a fraction. */
const numbers = (said: Sentence): string[] =>
  (
    wordsOf(said)
      .replaceAll(/(?<=\d)[.,](?=\d)/g, '')
      .match(/\d+/g) ?? []
  ).sort();

/** What is the same in both languages: names of things, units, and signs. */
const SAME = new Set([
  'actions.details',
  'activity.examples #0',
  'activity.leftOutFile',
  'activity.moved',
  'activity.speed',
  'checks.titles.bucket',
  'checks.titles.region',
  'compare.figures.again',
  'compare.figures.probes',
  'compare.half',
  'compare.sorts.bucket',
  'compare.sorts.server',
  'compare.speed',
  'destinations.amazon',
  'destinations.fields.bucket',
  'destinations.fields.endpointExample',
  'destinations.fields.urlExample',
  'destinations.fields.token',
  'destinations.fields.keyTemplateHint',
  'destinations.fields.region',
  'destinations.states.offline',
  'find.filter',
  'find.format',
  'folders.states.offline',
  'folders.path',
  'frame.app',
  'frame.upload',
  'photo.altitude',
  'photo.onTheWay',
  'photo.sha256',
  'photo.shape',
  'photo.version',
  'photo.zoom',
  'settings.example',
  'settings.excludeExample',
  'settings.placeName',
  'settings.sizes.GB',
  'settings.sizes.MB',
  'settings.takes',
]);

describe.each(pairs)('%s', (where, english, german) => {
  it('is said in both languages', () => {
    for (const said of [english, german]) {
      expect(plain(said)).not.toMatch(/^\s*$|^\s|\s$|undefined|null|NaN|\[object| {2}/);
    }
    const same = SAME.has(where) || SAME.has(where.replace(/ #\d+$/, ''));
    if (!same) expect(plain(german)).not.toBe(plain(english));
  });

  it('has no English left in German', () => {
    expect(wordsOf(german)).not.toMatch(
      /\b(the|is|are|and|or|of|to|with|not|your|you|it|its|photos?|files?|folders?|key|disk|place|safe|nothing)\b/i,
    );
  });

  it('keeps to the voice', () => {
    expect(plain(english)).not.toMatch(/!|\boops\b|\bplease\b|\bsorry\b/i);
    expect(plain(german)).not.toMatch(
      /!|\bhoppla\b|\bbitte\b|\bleider\b|\bSie\b(?! (warten|erscheinen))/,
    );
    expect(plain(german)).not.toMatch(/\b(Ihr|Ihre[mnrs]?|Ihnen)\b/);
  });

  it('agrees with its number', () => {
    const one = /(?<![\d.,])1 (photos|files|videos|folders|minutes|Fotos|Dateien|Videos|Minuten)\b/;
    const many = /(?:[2-9]|\d\d) (photo|file|video|folder|minute|Foto|Datei|Video|Minute)\b/;
    for (const said of [english, german]) {
      expect(plain(said)).not.toMatch(one);
      expect(plain(said)).not.toMatch(many);
    }
  });

  it('tells the same names and numbers', () => {
    expect(names(german)).toEqual(names(english));
    expect(numbers(german)).toEqual(numbers(english));
  });
});

describe('every cause', () => {
  it('is known here', () => {
    expect(CAUSES.length).toBeGreaterThan(30);
  });

  const sentences = pairs.filter(
    ([where]) =>
      /^(causes|destinations)\.(?!keyB|kinds)\w+ #/.test(where) && /^causes|problem/.test(where),
  );

  it.each(sentences)('%s is whole sentences, without its code', (_, english, german) => {
    for (const said of [english, german]) {
      const text = plain(said).replace(/ imgn /, ' ');
      expect(text).toMatch(/^[A-ZÄÖÜ0-9]|^nas |^imgn |^minio\.home |^photos /);
      expect(text).toMatch(/\.$/);
      expect(text).not.toMatch(/_|\.\.|(?<![a-z0-9.])\. [a-z]/);
    }
  });
});

it('a photo that is too large is said to stay, and not to go on by itself', () => {
  const about = { destination: 'nas', folder: null, count: 1, retryAt: null };
  expect(plain(words.causes.problem('too_large', about))).toBe(
    '1 photo is larger than the storage takes. It waits; nothing is lost. Keep another copy, or use storage that takes larger files.',
  );
});

it('where nothing waits, no number is said', () => {
  const about = { destination: null, folder: null, count: 0, retryAt: null };
  expect(plain(words.causes.problem('disk_full', about))).toBe(
    "This machine's disk is full. Make room, then try again.",
  );
});

it('a key that is gone after a restart is asked for again', () => {
  const about = { destination: 'nas', folder: null, count: 8, retryAt: null };
  expect(plain(words.causes.problem('no_credentials', about))).toBe(
    "nas needs its key again. 8 photos wait; nothing is lost. A typed key is kept in this system's keyring, if there is one.",
  );
  expect(words.causes.remedy('no_credentials')).toBe('keys');
  expect(words.causes.keyButton('no_credentials')).toBe('Enter the key again');
  expect(words.causes.keyButton('unauthorized')).toBe('Enter another key');
});

it.each(['token', 'password'] as const)('where a %s is shown, no key is spoken of', (secret) => {
  const about = { destination: 'nas', folder: null, count: 8, retryAt: null, secret };
  for (const { causes, destinations, frame } of [en, de]) {
    for (const code of ['unauthorized', 'no_credentials', 'forbidden', 'redirected'] as const) {
      const said = [
        causes.problem(code, about),
        causes.photo(code, 'nas', null, secret),
        causes.destination(code, 'nas', 8, null, secret),
        destinations.problem(code, 'nas', 'photos', 0, secret),
        destinations.secretAgain[secret],
        destinations.secretOfThisRun[secret],
        frame.secretsAgain(['nas'], secret, 8),
        [causes.keyButton(code, secret)],
      ];
      for (const sentence of said) {
        expect(plain(sentence)).not.toMatch(/(?<!\w)keys?\b|Schlüssel(?!bund)|s3:/);
      }
    }
  }
});

it('a token that is refused or gone is asked for', () => {
  const about = {
    destination: 'nas',
    folder: null,
    count: 8,
    retryAt: null,
    secret: 'token' as const,
  };
  expect(plain(words.causes.problem('unauthorized', about))).toBe(
    'nas refuses this token. 8 photos wait; nothing is lost.',
  );
  expect(words.causes.keyButton('unauthorized', 'token')).toBe('Enter another token');
  expect(words.causes.keyButton('no_credentials', 'token')).toBe('Enter the token again');
});

it('what is not backed up is counted and said', () => {
  const total = (photos: number, videos: number, other_files: number): string =>
    plain(words.folders.total({ photos, videos, other_files }));
  expect(total(12_345, 812, 90)).toBe(
    '12,345 photos; 812 videos and 90 other files are not backed up.',
  );
  expect(total(3, 1, 0)).toBe('3 photos; 1 video is not backed up.');
  expect(total(3, 0, 2)).toBe('3 photos; 2 files are not backed up.');
  expect(total(1, 0, 0)).toBe('1 photo.');
});

it('a drop is said before it happens', () => {
  const plan = {
    copy: 38,
    already_here: 0,
    folders: [],
    videos: 2,
    not_photos: 1,
    managed_folder: 'Pictures/imgn',
  };
  expect(plain(words.drops.copy(plan, 1))).toBe('Copy 38 photos to Pictures/imgn and back them up');
  expect(plain(words.drops.copy(plan, 0))).toBe('Copy 38 photos to Pictures/imgn');
  expect(plain(words.drops.already(38, 38))).toBe('Already in your library: 38 of 38');
  expect(plain(words.drops.notPhotos(1))).toBe('1 file is not a photo and stays where it is.');
  const holiday = {
    path: '/home/mara/Holiday 2024',
    photos: 612,
    bytes: 1,
    videos: 0,
    other_files: 0,
    excluded: 0,
    more: false,
    refused: null,
  };
  expect(plain(words.drops.watch([holiday]))).toBe('Watch Holiday 2024 (612 photos)');
});

it('nothing is said to be on its way up where there is no place for it', () => {
  const report = {
    watched: [],
    copied: 2,
    already_here: 0,
    videos: 0,
    not_photos: 0,
    excluded: 0,
    failed: [],
  };
  expect(plain(words.drops.report(report, 1))).toBe('2 photos copied, and on their way up.');
  expect(plain(words.drops.report(report, 0))).toBe(
    '2 photos copied into your library. They wait for a safe place: choose one in Storage.',
  );
});

it('a sentence agrees with what it is about', () => {
  const about = { destination: null, folder: '/home/ann/Pictures/closed', count: 1, retryAt: null };
  expect(plain(words.causes.problem('folder_unreadable', about))).toMatch(
    /^imgn cannot see what is in the folder \/home\/ann\/Pictures\/closed\. Photos in there/,
  );
  expect(plain(words.causes.problem('special_file', about))).toBe(
    '1 file is a pipe or a device, not a photo.',
  );
  expect(plain(words.causes.problem('special_file', { ...about, count: 2 }))).toBe(
    '2 files are pipes or devices, not photos.',
  );
});

describe('German', () => {
  const about = { destination: 'nas', folder: null, count: 8, retryAt: null };

  it('says what happened, what it means, and what to do', () => {
    expect(plain(de.causes.problem('destination_full', about))).toBe(
      'nas ist voll. 8 Fotos warten; nichts ist verloren. Schaff dort Platz und versuch es dann noch einmal.',
    );
    expect(plain(de.causes.problem('file_gone', { ...about, count: 1 }))).toBe(
      '1 Foto ist nicht mehr da, wo imgn es gesehen hat. Es wartet; nichts ist verloren. Leg zurück, was du behalten willst; sichere Kopien bleiben sicher.',
    );
  });

  it('names a folder inside a sentence as well as at its beginning', () => {
    const closed = { ...about, folder: '/home/ann/Bilder/zu', count: 1 };
    expect(plain(de.causes.problem('folder_unreadable', closed))).toMatch(
      /^imgn sieht nicht, was im Ordner \/home\/ann\/Bilder\/zu liegt\. Fotos darin/,
    );
    expect(plain(de.causes.problem('folder_offline', closed))).toMatch(/^Der Ordner \/home/);
  });

  it('says that all is safe', () => {
    expect(plain(de.frame.allSafe(12_345, ['nas'], 0, 3 * 60_000))).toBe(
      'Alle 12.345 Fotos sind sicher auf nas. Zuletzt geprüft vor 3 Minuten.',
    );
    expect(plain(de.frame.allSafe(1, ['nas', 'disk'], null, 0))).toBe(
      'Dein Foto ist sicher an 2 Speicherorten.',
    );
  });

  it('counts what is not backed up', () => {
    const total = (photos: number, videos: number, other_files: number): string =>
      plain(de.folders.total({ photos, videos, other_files }));
    expect(total(12_345, 812, 90)).toBe(
      '12.345 Fotos; 812 Videos und 90 andere Dateien werden nicht gesichert.',
    );
    expect(total(3, 0, 1)).toBe('3 Fotos; 1 Datei wird nicht gesichert.');
  });
});
