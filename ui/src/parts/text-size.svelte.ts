/**
 * How large the text is, as a factor of what the system's is: a person's choice, kept in the
 * window's own storage.
 */

const STEPS = [0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;
const USUAL = 1;
const KEPT = 'text-size';

export class TextSize {
  scale = $state(USUAL);
  readonly #kept: Storage | undefined;

  constructor(kept: Storage | undefined) {
    this.#kept = kept;
    const before = Number(kept?.getItem(KEPT));
    if (STEPS.some((step) => step === before)) this.scale = before;
  }

  /** Whether this key, held with Ctrl or Cmd, is one of ours. */
  pressed(key: string): boolean {
    if (key === '+' || key === '=') this.#set(STEPS.find((step) => step > this.scale));
    else if (key === '-') this.#set(STEPS.findLast((step) => step < this.scale));
    else if (key === '0') this.#set(USUAL);
    else return false;
    return true;
  }

  #set(scale: number | undefined): void {
    if (scale === undefined) return;
    this.scale = scale;
    this.#kept?.setItem(KEPT, String(scale));
  }
}

export const textSize = new TextSize(globalThis.localStorage);
