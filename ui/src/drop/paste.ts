/** Whether a key pastes into the window, or text into a field. */

/** Kinds of `input` that hold no text. */
const WITHOUT_TEXT = new Set(['button', 'checkbox', 'file', 'radio', 'range', 'reset', 'submit']);

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;
/** As much of an element as it takes. */
interface Focused {
  readonly tagName: string;
  readonly type?: string;
  readonly isContentEditable?: boolean;
}

export function pastes(key: Key, focused: Focused | null): boolean {
  const pressed =
    key.key.toLowerCase() === 'v' && key.ctrlKey !== key.metaKey && !key.altKey && !key.shiftKey;
  return pressed && !(focused && takesText(focused));
}

function takesText({ tagName, type, isContentEditable }: Focused): boolean {
  if (tagName === 'INPUT') return !WITHOUT_TEXT.has(type ?? 'text');
  return tagName === 'TEXTAREA' || isContentEditable === true;
}
