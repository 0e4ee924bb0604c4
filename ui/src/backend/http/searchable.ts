/** Text as a search sees it: small letters without accents, one blank before each word. */

const MARKS = /\p{M}/gu;
const BETWEEN = /[^\p{L}\p{N}]+/gu;

export function searchable(text: string): string {
  const plain = text.normalize('NFD').replace(MARKS, '').toLowerCase();
  return ` ${plain.replace(BETWEEN, ' ').trim()}`;
}

/** Whether each of these words begins a word there. Both are `searchable`. */
export function holds(text: string, words: string): boolean {
  return words
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => text.includes(` ${word}`));
}
