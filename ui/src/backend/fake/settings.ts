/** What settings would do to an invented library, by rules that are like the real ones but simple. */

import type { KeyPreview } from '../types/KeyPreview';
import type { LeftOutExample } from '../types/LeftOutExample';
import type { PatternPreview } from '../types/PatternPreview';
import type { Place } from '../types/Place';
import type { Settings } from '../types/Settings';

export const SETTINGS: Settings = {
  language: null,
  appearance: 'system',
  background: {
    keep_running: true,
    notify_when_done: true,
    notify_when_needed: true,
    notify_of_cards: true,
  },
  cards: { offer: true },
  limits: { upload: null, thumbnails: 10_000_000_000 },
  photos: { include: [], exclude: [] },
  folder: [],
};

const FILES = [
  '2019/Lake/IMG_2041.jpg',
  '2019/Lake/IMG_2042.jpg',
  '2021/Balloons/P1000123.RW2',
  'Scans/letter-1.png',
  'Scans/letter-2.png',
  'Thumbnails/IMG_2041.jpg',
];

/** Parts of names stand for patterns. */
export function patternsTried(
  include: readonly string[],
  exclude: readonly string[],
): PatternPreview {
  const wrong = [...include, ...exclude].find((pattern) => pattern.startsWith('['));
  if (wrong !== undefined)
    return { kind: 'wrong', pattern: wrong, detail: `bad range in ${wrong}` };
  const matching = (path: string, patterns: readonly string[]) =>
    patterns.find((pattern) => path.includes(pattern.replaceAll('*', '')));
  const left = FILES.flatMap((path): LeftOutExample[] => {
    if (include.length > 0 && matching(path, include) === undefined) {
      return [{ path, pattern: null }];
    }
    const pattern = matching(path, exclude);
    return pattern === undefined ? [] : [{ path, pattern }];
  });
  const out = new Set(left.map(({ path }) => path));
  const kept = FILES.filter((path) => !out.has(path));
  return {
    kind: 'seen',
    kept: kept.length * 2_041,
    left_out: left.length * 19,
    kept_examples: kept,
    left_out_examples: left,
    offline: 0,
  };
}

export function keysMade(template: string): KeyPreview {
  const unknown = template.match(
    /\{(?!year|month|day|path|filename|stem|ext|sha256|camera)[^}]*\}/,
  );
  if (unknown || !/\{(filename|stem|sha256)\}/.test(template)) {
    return { kind: 'wrong', detail: `the template ${template} has no name in it` };
  }
  const named = (path: string, year: string, month: string) => ({
    file: path,
    key: template
      .replace('{year}', year)
      .replace('{month}', month)
      .replace('{day}', '14')
      .replace('{path}', path.split('/').slice(0, -1).join('/'))
      .replace('{camera}', 'X100V')
      .replace('{filename}', path.split('/').at(-1) ?? '')
      .replace('{stem}', path.split('/').at(-1)?.split('.')[0] ?? '')
      .replace('{ext}', 'jpg'),
  });
  return {
    kind: 'made',
    examples: [
      named('2019/Lake/IMG_2041.jpg', '2019', '06'),
      named('2021/Balloons/P1000123.RW2', '2021', '09'),
    ],
    invented: false,
  };
}

export const PLACES: Place[] = [
  { kind: 'library', path: '/home/mara/.local/share/imgn', bytes: 48_000_000 },
  { kind: 'settings', path: '/home/mara/.config/imgn/settings.toml', bytes: null },
  { kind: 'originals', path: '/home/mara/Pictures/imgn', bytes: null },
  { kind: 'thumbnails', path: '/home/mara/.local/share/imgn/thumbs', bytes: 312_000_000 },
];
