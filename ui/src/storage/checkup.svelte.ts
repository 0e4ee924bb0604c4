/**
 * The checks of one place: going over what it keeps, and examining what it does.
 *
 * It lives as long as the window, so that a check that is under way, or its result, is still there
 * when the person comes back to it.
 */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { DoctorFinding } from '../backend/types/DoctorFinding';
import type { DoctorReport } from '../backend/types/DoctorReport';
import type { Verified } from '../backend/types/Verified';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export class Checkup {
  /** None: no check is under way. */
  progress = $state.raw<Progress | null>(null);
  result = $state.raw<Verified | null>(null);
  examining = $state(false);
  /** Open: what was found is shown. */
  open = $state(false);
  broken = $state.raw<Failure | null>(null);

  constructor(
    private readonly backend: Backend,
    private readonly destination: number,
  ) {}

  /** Goes over every photo there, and reads a share of them back. */
  async check(readPercent: number): Promise<void> {
    if (this.progress) return;
    this.progress = { done: 0, total: 0 };
    this.result = null;
    this.broken = null;
    try {
      const report = await this.backend.verify(this.destination, readPercent);
      this.result = report.destinations[0] ?? null;
    } catch (thrown) {
      this.broken = failure(thrown);
    }
    this.progress = null;
  }

  async stop(): Promise<void> {
    try {
      await this.backend.stopVerify();
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }

  /** Heard from the library; only a check that began here is shown. */
  moved(done: number, total: number): void {
    if (this.progress) this.progress = { done: Math.max(done, this.progress.done), total };
  }

  async examine(): Promise<void> {
    if (this.examining) return;
    this.examining = true;
    this.open = true;
    this.broken = null;
    try {
      await this.backend.doctor(this.destination);
    } catch (thrown) {
      this.broken = failure(thrown);
    }
    this.examining = false;
  }
}

/** What to say first: problems, then notes; the rest is counted. */
export function sorted(report: DoctorReport): {
  readonly said: readonly DoctorFinding[];
  readonly fine: readonly DoctorFinding[];
} {
  const of = (outcome: DoctorFinding['outcome']) =>
    report.findings.filter((finding) => finding.outcome === outcome);
  return { said: [...of('problem'), ...of('note')], fine: of('fine') };
}
