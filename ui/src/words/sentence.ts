/**
 * Sentences of which some parts are names: of a photo, a disk, a folder, a destination.
 *
 * **Invariant:** a name never carries control or direction characters, so no file can reorder or
 * break the words around it; and a sentence is data, never markup.
 */

/** Plain words, or a name that stands in italics. */
export type Piece = string | { readonly name: string };
export type Sentence = readonly Piece[];

/** Control characters, and those that turn the direction of the text around them. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from outside on one line, each unseen character replaced by a visible mark. */
export function legible(text: string): string {
  return text.replace(UNSEEN, '\ufffd');
}

/** Text from outside whose line breaks are kept. */
export function legibleLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(legible)
    .join('\n');
}

/** `Holiday 2024` of `/home/mara/Holiday 2024/`. */
export function lastPart(path: string): string {
  return legible(path.split(/[/\\]/).filter(Boolean).at(-1) ?? path);
}

export function name(text: string): Piece {
  return { name: legible(text) };
}

/** A template whose values are words, numbers already formatted, names, or sentences. */
export function say(
  strings: TemplateStringsArray,
  ...values: readonly (Piece | Sentence)[]
): Sentence {
  const pieces: Piece[] = [];
  strings.forEach((text, index) => {
    if (text) pieces.push(text);
    const value = values[index];
    if (value === undefined || value === '') return;
    if (isSentence(value)) pieces.push(...value);
    else pieces.push(value);
  });
  return pieces;
}

/** Several sentences in a row; those that say nothing are left out. */
export function together(...sentences: readonly (Sentence | null)[]): Sentence {
  const pieces: Piece[] = [];
  for (const sentence of sentences) {
    if (sentence === null || sentence.length === 0) continue;
    if (pieces.length > 0) pieces.push(' ');
    pieces.push(...sentence);
  }
  return pieces;
}

/** For labels, where there are no italics. */
export function plain(sentence: Sentence): string {
  return sentence.map((piece) => (typeof piece === 'string' ? piece : piece.name)).join('');
}

function isSentence(value: Piece | Sentence): value is Sentence {
  return Array.isArray(value);
}
