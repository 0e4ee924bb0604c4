/**
 * What tells problems apart while others come and go: a key that is being typed for one place must never
 * become another's.
 */

import type { Problem } from '../backend/types/Problem';

export interface Keyed {
  readonly key: string;
  readonly problem: Problem;
}

/** Each with a key of its own. */
export function keyed(problems: readonly Problem[]): readonly Keyed[] {
  const seen = new Map<string, number>();
  return problems.map((problem) => {
    const { reason, destination, folder } = problem;
    const about = JSON.stringify([reason.code, destination, folder]);
    const before = seen.get(about) ?? 0;
    seen.set(about, before + 1);
    return { key: `${about} ${before}`, problem };
  });
}
