/**
 * A form that opens where its button was: the keyboard goes on in it, and comes back to the button when it ends.
 *
 * The button is gone while the form stands. It is found again by what it opens, `data-opens`, as near to
 * where the form was as there is one.
 */

import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** What opens a form in place. */
export type Opener = 'keys' | 'edit' | 'place' | 'patterns';

/** A choice of several is entered at the one that is chosen. */
const FIELDS = 'input:not([type="radio"], :disabled), input:checked, textarea, select';

export function inPlace(opener: Opener): Attachment<HTMLElement> {
  return (form) => {
    const home = form.parentElement;
    let within = true;
    function left({ relatedTarget }: FocusEvent): void {
      if (relatedTarget instanceof Node && !form.contains(relatedTarget)) within = false;
    }
    function entered(): void {
      within = true;
    }
    form.addEventListener('focusout', left);
    form.addEventListener('focusin', entered);
    form.querySelector<HTMLElement>(FIELDS)?.focus();
    return () => {
      form.removeEventListener('focusout', left);
      form.removeEventListener('focusin', entered);
      if (within) void tick().then(() => nearest(home, opener)?.focus());
    };
  };
}

function nearest(from: HTMLElement | null, opener: Opener): HTMLElement | null {
  for (let at = from; at !== null; at = at.parentElement) {
    const found = at.querySelector<HTMLElement>(`[data-opens="${opener}"]`);
    if (found) return found;
  }
  return null;
}
