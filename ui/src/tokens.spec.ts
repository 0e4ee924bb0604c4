import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Theme = 'light' | 'dark';
interface Colour {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
type Tokens = ReadonlyMap<string, string>;

/** The tokens of a part of the file, over others. */
function declaredIn(part: string, over: Tokens = new Map()): Tokens {
  const own = [...part.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return new Map([
    ...over,
    ...own.map(([, name, value]): [string, string] => [name ?? '', value ?? '']),
  ]);
}

/** What stands in the block of a media query. */
function media(query: string): string {
  const block = css.match(new RegExp(`@media \\(${query}\\) \\{(.*?)\\n\\}`, 's'))?.[1];
  if (!block) throw new Error(`nothing for ${query}`);
  return block;
}

const usual = declaredIn(css.slice(0, css.indexOf('@media')));
const more = declaredIn(media('prefers-contrast: more'), usual);
const still = declaredIn(media('prefers-reduced-motion: reduce'), usual);

/** The colour of a token; an alias is followed. */
function colour(tokens: Tokens, token: string, theme: Theme): Colour {
  const value = tokens.get(token);
  if (!value) throw new Error(`no token ${token}`);
  const alias = value.match(/^var\(--([\w-]+)\)$/)?.[1];
  if (alias) return colour(tokens, alias, theme);
  const all = [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)/g)];
  const [, l, c, h] = all[theme === 'dark' ? all.length - 1 : 0] ?? [];
  if (l === undefined) throw new Error(`${token} is no colour: ${value}`);
  return { l: Number(l), c: Number(c), h: Number(h) };
}

/** Relative luminance, by way of OKLab and linear sRGB (Ottosson 2020; WCAG 2.2). */
function luminance({ l, c, h }: Colour): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short;
  const green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short;
  const blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short;
  const [r, g, bl] = [red, green, blue].map((part) => Math.min(1, Math.max(0, part)));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (bl ?? 0);
}

function contrast(tokens: Tokens, one: string, other: string, theme: Theme): number {
  const [light, dark] = [
    luminance(colour(tokens, one, theme)),
    luminance(colour(tokens, other, theme)),
  ].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const papers = ['paper', 'surface', 'hover'];
const inks = ['text', 'muted', 'accent', 'safe', 'needs-you', 'lost', 'going', 'waiting'];
const text: [string, string][] = [
  ...papers.flatMap((paper) => inks.map((ink): [string, string] => [ink, paper])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['text', 'accent-wash'],
  ['accent', 'accent-wash'],
  ['text', 'needs-you-wash'],
  ['muted', 'needs-you-wash'],
  ['black-text', 'black'],
  ['black-muted', 'black'],
  ['black-text', 'black-surface'],
  ['black-muted', 'black-surface'],
  ['black-accent', 'black-surface'],
  ['black-safe', 'black-surface'],
  ['black-needs-you', 'black-surface'],
  ['black-lost', 'black-surface'],
];
const shapes: [string, string][] = [
  ...papers.flatMap((paper): [string, string][] => [
    ['edge', paper],
    ['accent', paper],
    ['focus-outer', 'focus-inner'],
  ]),
  ['black-safe', 'black'],
  ['black-edge', 'black'],
  ['black-accent', 'black'],
  ['black-needs-you', 'black'],
];

/** Lines that only part things are quiet, until somebody asks for contrast. */
const lines: [string, string][] = [
  ['line', 'paper'],
  ['line', 'surface'],
  ['black-line', 'black'],
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(text)('text %s on %s is at least 4.5 to 1', (ink, paper) => {
    expect(contrast(usual, ink, paper, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)('shape %s on %s is at least 3 to 1', (shape, paper) => {
    expect(contrast(usual, shape, paper, theme)).toBeGreaterThanOrEqual(3);
  });

  it.each(text)('with more contrast, text %s on %s is at least 7 to 1', (ink, paper) => {
    expect(contrast(more, ink, paper, theme)).toBeGreaterThanOrEqual(7);
  });

  it.each([...shapes, ...lines])(
    'with more contrast, shape %s on %s is at least 4.5 to 1',
    (shape, paper) => {
      expect(contrast(more, shape, paper, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );
});

it('black on white is reckoned as 21 to 1', () => {
  const white = luminance({ l: 1, c: 0, h: 0 });
  const black = luminance({ l: 0, c: 0, h: 0 });
  expect((white + 0.05) / (black + 0.05)).toBeCloseTo(21, 1);
});

describe('with reduced motion', () => {
  it('nothing moves, and fades are short', () => {
    expect(still.get('touch')).toBe('0ms');
    expect(still.get('slide')).toBe('0ms');
    expect(Number.parseInt(still.get('fade') ?? '', 10)).toBeLessThanOrEqual(80);
  });

  const styled = readdirSync(new URL('.', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  }).filter((file) => /\.(svelte|css)$/.test(file));

  it.each(styled)('%s takes every duration from the tokens', (file) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const moving = source.match(/\b(?:transition|animation)(?:-duration)?:\s*[^;]+;/g) ?? [];
    for (const rule of moving) {
      expect(rule).toMatch(/var\(--(touch|fade|slide)\)|: none;/);
      expect(rule).not.toMatch(/\d(ms|s)\b/);
      // What moves is not a fade: it stands still.
      if (/transform|translate|scale/.test(rule)) expect(rule).not.toMatch(/var\(--fade\)/);
    }
    expect(source).not.toMatch(/behavior:\s*['"]?smooth/);
  });
});
