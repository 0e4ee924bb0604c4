/** Which of the two targets of the overlay is meant. */

import type { DropChoice } from '../backend/types/DropChoice';
import type { DropPlan } from '../backend/types/DropPlan';

/** Folders can be watched or copied; photos alone leave no choice. */
export function isChoice(plan: DropPlan): boolean {
  return plan.folders.some((folder) => folder.refused === null);
}

/** Of the window's width; watching is the usual thing, so it has the wider part. */
const WATCH_PART = 0.6;

/** Watching is on the left, and what happens when nothing is known. */
export function choiceAt(plan: DropPlan | null, x: number, width: number): DropChoice {
  if (plan === null) return 'watch';
  if (!isChoice(plan)) return 'copy';
  return x < width * WATCH_PART ? 'watch' : 'copy';
}
