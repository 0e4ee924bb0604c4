/** imgn at work without its window. */

import { say } from '../sentence';

export const background = {
  title: 'In the background',
  keepRunning: 'Keep working when the window is closed',
  keepRunningNote: say`imgn stays in the tray, and new photos still go up.`,
  atLogin: 'Start when you log in',
  atLoginNote: say`Without its window, in the tray.`,
  notifyWhenDone: 'Say when a large batch is safe',
  notifyWhenDoneNote: say`From 50 photos on, and only while you look elsewhere.`,
  notifyWhenNeeded: 'Say when something needs you',
  notifyWhenNeededNote: say`Each thing once, at most every hour.`,
  notifyOfCards: 'Say when a card or camera is plugged in',
  notifyOfCardsNote: say`One with photos, once, and only while you look elsewhere.`,
  quit: 'Quit imgn',
};
