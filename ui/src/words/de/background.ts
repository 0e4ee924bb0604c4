/** imgn at work without its window. */

import type { background as english } from '../en/background';
import { say } from '../sentence';

export const background: typeof english = {
  title: 'Im Hintergrund',
  keepRunning: 'Weiterarbeiten, wenn das Fenster geschlossen ist',
  keepRunningNote: say`imgn bleibt in der Symbolleiste und lädt neue Fotos weiter hoch.`,
  atLogin: 'Bei der Anmeldung starten',
  atLoginNote: say`Ohne Fenster, in der Symbolleiste.`,
  notifyWhenDone: 'Sagen, wenn viele Fotos sicher sind',
  notifyWhenDoneNote: say`Ab 50 Fotos, und nur, während du woanders hinsiehst.`,
  notifyWhenNeeded: 'Sagen, wenn etwas dich braucht',
  notifyWhenNeededNote: say`Jede Sache einmal, höchstens stündlich.`,
  notifyOfCards: 'Sagen, wenn eine Karte oder Kamera angeschlossen wird',
  notifyOfCardsNote: say`Eine mit Fotos, einmal, und nur, während du woanders hinsiehst.`,
  quit: 'imgn beenden',
};
