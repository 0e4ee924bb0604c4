/** Trying imgn out with sample photos. */

import { say } from '../sentence';

export const trial = {
  start: 'Try it with sample photos',
  title: 'Trial',
  safePlace: 'Safe place',
  these: say`These are sample photos, drawn for this trial. When it ends, they and all that you add here are gone from this computer; your own photos stay as they are.`,
  drawing: 'Sample photos are being drawn',
  drawingLesson: say`The first appear in a moment, and are backed up while you look.`,
  ending: say`Clearing the trial away…`,
  end: 'End the trial',
};
