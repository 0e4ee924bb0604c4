/** Files held over the page, and dropped on it. */

import { type Dropped, filesOf } from '../backend/http/dropped';

export class Held {
  over = $state(false);
  /** Each element below the pointer tells of its own. */
  #depth = 0;

  constructor(private readonly take: (dropped: Dropped) => void) {}

  entered(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#depth += 1;
    this.over = true;
  }

  /** Without this a browser opens what is dropped instead of giving it to the page. */
  moved(event: DragEvent): void {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  }

  left(event: DragEvent): void {
    if (!hasFiles(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth === 0) this.over = false;
  }

  dropped(event: DragEvent): void {
    if (!event.dataTransfer || !hasFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.over = false;
    void filesOf(event.dataTransfer).then(this.take);
  }

  pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.take({ files, unread: [] });
  }
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
