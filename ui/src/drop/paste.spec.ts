import { expect, it } from 'vitest';
import { pastes } from './paste';

const none = { key: 'v', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const ctrl = { ...none, ctrlKey: true };

it.each([
  ['Ctrl and V', ctrl, null, true],
  ['Command and V', { ...none, metaKey: true }, { tagName: 'BODY' }, true],
  ['with the lock of the capitals', { ...ctrl, key: 'V' }, { tagName: 'BUTTON' }, true],
  ['over a box that is ticked', ctrl, { tagName: 'INPUT', type: 'checkbox' }, true],
  ['into the search', ctrl, { tagName: 'INPUT', type: 'search' }, false],
  ['into a field', ctrl, { tagName: 'INPUT', type: 'text' }, false],
  ['into a text', ctrl, { tagName: 'TEXTAREA' }, false],
  ['into what is edited', ctrl, { tagName: 'DIV', isContentEditable: true }, false],
  ['V alone', none, null, false],
  ['another meaning', { ...ctrl, shiftKey: true }, null, false],
  ['Ctrl and C', { ...ctrl, key: 'c' }, null, false],
])('%s', (_, key, focused, expected) => {
  expect(pastes(key, focused)).toBe(expected);
});
