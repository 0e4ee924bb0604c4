/** The files of one kind that are not backed up, page by page. */

import { type Backend, type Failure, failure } from '../backend/backend';
import type { LeftOut } from '../backend/types/LeftOut';
import type { LeftOutFile } from '../backend/types/LeftOutFile';

const PAGE = 50;

export class LeftOutFiles {
  open = $state(false);
  files = $state.raw<readonly LeftOutFile[]>([]);
  /** There may be more behind the last one. */
  more = $state(false);
  broken = $state.raw<Failure | null>(null);

  constructor(
    private readonly backend: Backend,
    readonly kind: LeftOut,
  ) {}

  async toggle(): Promise<void> {
    this.open = !this.open;
    this.files = [];
    this.more = false;
    if (this.open) await this.load();
  }

  async load(): Promise<void> {
    try {
      const page = await this.backend.leftOut(this.kind, this.files.at(-1)?.cursor ?? null, PAGE);
      this.files = [...this.files, ...page];
      this.more = page.length === PAGE;
      this.broken = null;
    } catch (thrown) {
      this.broken = failure(thrown);
    }
  }
}
