/**
 * What the gallery shows: months with their counts first, then the photos of those on screen.
 *
 * The geometry is `blocks.ts`, the scroll space `scroll.ts`, what of it is drawn `shown.ts`; here is
 * when to ask for what, and that nothing seen moves when an answer comes.
 */

import { type Failure, failure, type Gallery } from '../backend/backend';
import type { Query } from '../backend/types/Query';
import type { Tile } from '../backend/types/Tile';
import type { TimelinePlace } from '../backend/types/TimelinePlace';
import {
  type Anchor,
  anchor,
  anchored,
  arrange,
  type Block,
  blockAt,
  emptied,
  filled,
  HEADING,
  keyOf,
  laidOut,
  merged,
  reframed,
  replaced,
  rowOf,
  totalHeight,
} from './blocks';
import { type Frame, rowHeight } from './justify';
import { Patience, SETTLE_MS } from './patience';
import { neighbour, type Place, vertical } from './places';
import { at, elementHeight, type Position, type Space, scrolled } from './scroll';
import { GAP, type ShownBlock, shownOf } from './shown';

/** Enough for the first look at a month; what lies deeper comes in larger pages. */
const FIRST_PAGE = 200;
const PAGE = 1000;
/** Photos kept in memory; months far from the view are let go beyond. */
const KEPT = 20_000;
const AT_ONCE = 2;
const REST_MS = 160;

/** How many months of an answer are laid out before it is shown. */
const MONTHS_AHEAD = 8;

/** Finds every photo. */
export const EVERYTHING: Query = {
  text: '',
  states: [],
  folder: null,
  formats: [],
  favourite: false,
};

export class Timeline {
  /** Null until the months are known. */
  blocks = $state.raw<readonly Block[] | null>(null);
  broken = $state.raw<Failure | null>(null);
  position = $state.raw<Position>({ top: 0, element: 0 });
  /** What `blocks` are the answer to. */
  query = $state.raw<Query>(EVERYTHING);
  /** Rises when the element has to follow `position`. */
  moves = $state(0);
  #frame = $state.raw<Frame>({ width: 0, rowHeight: 140, gap: GAP });
  #view = $state(0);
  #failures = $state.raw<ReadonlyMap<string, Failure>>(new Map());

  readonly height = $derived(totalHeight(this.blocks ?? []));
  readonly space: Space = $derived({ content: this.height, view: this.#view });
  readonly elementHeight = $derived(elementHeight(this.space));
  readonly rowHeight = $derived(this.#frame.rowHeight);
  /** In steps, so that scrolling inside one changes nothing. */
  readonly #step = $derived(Math.max(80, Math.round(this.#view / 4)));
  readonly #from = $derived(Math.floor(this.position.top / this.#step) * this.#step - this.#step);
  readonly #to = $derived(this.#from + this.#view + this.#step * 3);
  readonly #shift = $derived(this.position.top - this.position.element);
  readonly shown: readonly ShownBlock[] = $derived.by(() =>
    shownOf(this.blocks ?? [], {
      from: this.#from,
      to: this.#to,
      shift: this.#shift,
      failures: this.#failures,
    }),
  );
  /** The month at the top of the view. */
  readonly month: string | null = $derived.by(() => {
    const blocks = this.blocks ?? [];
    return blocks[blockAt(blocks, this.position.top + HEADING / 2)]?.month ?? null;
  });

  readonly #loading = new Map<string, Promise<void>>();
  readonly #stale = new Set<string>();
  #rest: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  /** Something changed since the months were asked for. */
  #unasked = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #patience = new Patience(Date.now);
  /** Rises with every question of another query: answers to an earlier one are dropped. */
  #round = 0;
  /** Where the view stood before anything was looked for. */
  #left: Anchor | null = null;

  constructor(private readonly backend: Gallery) {}

  async load(): Promise<void> {
    const round = this.#round;
    try {
      const sections = await this.backend.sections(this.query);
      if (round !== this.#round) return;
      this.broken = null;
      this.#change(() => arrange(sections, this.blocks ?? [], this.#frame));
      this.#fill();
    } catch (thrown) {
      if (round === this.#round) this.broken = failure(thrown);
    }
  }

  /**
   * Shows what another query finds, as soon as the first view of it is known: until then what is
   * shown stays. Returns false when a later question overtook this one.
   */
  async find(query: Query): Promise<boolean> {
    this.#round += 1;
    const round = this.#round;
    try {
      const sections = await this.backend.sections(query);
      if (round !== this.#round) return false;
      const blocks = await this.#ahead(query, arrange(sections, [], this.#frame), round);
      if (blocks === null) return false;
      this.broken = null;
      this.#answer(query, blocks);
    } catch (thrown) {
      if (round !== this.#round) return false;
      this.broken = failure(thrown);
    }
    return true;
  }

  stop(): void {
    clearTimeout(this.#rest);
    clearTimeout(this.#settle);
    clearTimeout(this.#again);
  }

  /** Photos of these months came, went or changed; asked again soon, once for many changes. */
  changed(months: readonly (string | null)[]): void {
    for (const month of months) this.#stale.add(keyOf(month));
    this.#unasked = true;
    this.#settle ??= setTimeout(() => void this.#askAgain(), SETTLE_MS);
  }

  resized(width: number, view: number): void {
    this.#view = view;
    if (width === this.#frame.width || width <= 0) return;
    this.#frame = { width, rowHeight: rowHeight(width), gap: GAP };
    const blocks = this.blocks;
    if (blocks) this.#change(() => reframed(blocks, this.#frame));
    this.#fill();
  }

  /** The element was scrolled by the person. */
  scrolled(element: number): void {
    if (Math.abs(element - this.position.element) < 1) return;
    this.position = scrolled(this.position, element, this.space);
    this.#fill();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#moveTo(this.position.top), REST_MS);
  }

  jump(top: number): void {
    this.#moveTo(top);
    this.#fill();
  }

  jumpToMonth(index: number): void {
    const blocks = this.blocks ?? [];
    const block = blocks[Math.min(blocks.length - 1, Math.max(0, index))];
    if (block) this.jump(block.y);
  }

  monthIndex(): number {
    return blockAt(this.blocks ?? [], this.position.top + HEADING / 2);
  }

  retry(month: string | null): void {
    const failures = new Map(this.#failures);
    failures.delete(keyOf(month));
    this.#failures = failures;
    this.#fill();
  }

  /** The photo at a place, asked for when it is not here yet; null: there is none. */
  async tileAt({ month, index }: Place): Promise<Tile | null> {
    for (;;) {
      const block = this.#block(month);
      if (!block || index < 0) return null;
      const tile = block.tiles[index];
      if (tile) return tile;
      if (block.complete || index >= block.count) return null;
      await this.#load(block);
      if (this.#failures.has(keyOf(month))) return null;
    }
  }

  /**
   * Where a photo stands that the library has just placed: what is known of its month may be older
   * than that answer, then it is asked for again. null: it is not here yet.
   */
  async placed({ id, month, index }: TimelinePlace): Promise<Place | null> {
    await this.load();
    if ((await this.tileAt({ month, index }))?.id === id) return { month, index };
    const block = this.#block(month);
    if (!block) return null;
    await this.#reload(block);
    const at = this.#block(month)?.tiles.findIndex((tile) => tile.id === id) ?? -1;
    return at < 0 ? null : { month, index: at };
  }

  neighbour(place: Place, by: 1 | -1): Place | null {
    return neighbour(this.blocks ?? [], place, by);
  }

  vertical(place: Place, by: 1 | -1): Place | null {
    return vertical(this.blocks ?? [], place, by);
  }

  /** Scrolls as little as shows the photo whole. */
  reveal({ month, index }: Place): void {
    const block = this.#block(month);
    if (!block) return;
    const row = rowOf(block, index);
    if (!row) {
      this.jump(block.y + (block.height * index) / Math.max(1, block.count) - this.#view / 2);
      return;
    }
    const y = block.y + HEADING + row.y;
    const above = y - HEADING;
    const below = y + row.height + GAP - this.#view;
    if (this.position.top > above) this.jump(above);
    else if (this.position.top < below) this.jump(below);
  }

  placeOf(id: number, near: Place): Place {
    const index = this.#block(near.month)?.tiles.findIndex((tile) => tile.id === id) ?? -1;
    return index < 0 ? near : { month: near.month, index };
  }

  /** The first view of an answer, laid out; null: overtaken. */
  async #ahead(query: Query, blocks: Block[], round: number): Promise<Block[] | null> {
    let laid = blocks;
    for (let nth = 0; nth < Math.min(MONTHS_AHEAD, blocks.length); nth += 1) {
      const block = laid[nth];
      if (!block || block.y > this.#view) break;
      const page = await this.backend.tiles(query, block.month, null, FIRST_PAGE);
      if (round !== this.#round) return null;
      laid = replaced(laid, filled(block, page, page.length < FIRST_PAGE, this.#frame));
    }
    return laid;
  }

  #answer(query: Query, blocks: readonly Block[]): void {
    if (this.query === EVERYTHING) this.#left = anchor(this.blocks ?? [], this.position.top);
    this.query = query;
    this.blocks = blocks;
    this.#loading.clear();
    this.#stale.clear();
    this.#failures = new Map();
    this.#patience = new Patience(Date.now);
    const back = query === EVERYTHING && this.#left ? anchored(blocks, this.#left) : null;
    this.#moveTo(back ?? 0);
    this.#fill();
  }

  /** One question at a time; what changed meanwhile is asked once more afterwards. */
  async #askAgain(): Promise<void> {
    this.#unasked = false;
    await this.load();
    this.#settle = undefined;
    if (this.#unasked) this.changed([]);
  }

  #block(month: string | null): Block | undefined {
    return this.blocks?.find((block) => block.month === month);
  }

  #moveTo(top: number): void {
    const next = at(top, this.space);
    if (next.top === this.position.top && next.element === this.position.element) return;
    this.position = next;
    this.moves += 1;
  }

  /** Changes the blocks and keeps what is seen where it is. */
  #change(next: () => readonly Block[]): void {
    const top = this.position.top;
    const held: Anchor | null = top > 0 ? anchor(this.blocks ?? [], top) : null;
    this.blocks = next();
    const kept = held === null ? top : anchored(this.blocks, held);
    this.#moveTo(kept ?? top);
  }

  /** Asks for the photos near the view, those in it first. */
  #fill(): void {
    const blocks = this.blocks ?? [];
    if (this.#frame.width <= 0 || this.#view <= 0) return;
    for (const block of this.#wanted(blocks)) {
      if (this.#loading.size >= AT_ONCE) return;
      if (!this.#loading.has(keyOf(block.month))) void this.#load(block).then(() => this.#fill());
    }
    this.#letGo();
  }

  #wanted(blocks: readonly Block[]): Block[] {
    const { top } = this.position;
    const from = top - this.#view;
    const to = top + this.#view * 2;
    const near = [];
    for (let index = blockAt(blocks, from); index < blocks.length; index += 1) {
      const block = blocks[index];
      if (!block || block.y > to) break;
      near.push(block);
    }
    this.#fillAgain(near);
    const middle = top + this.#view / 2;
    return near
      .filter((block) => !this.#failures.has(keyOf(block.month)))
      .filter((block) => this.#isStale(block) || !covers(block, to))
      .sort((a, b) => away(a, middle) - away(b, middle));
  }

  #isStale(block: Block): boolean {
    if (this.#patience.left(keyOf(block.month)) > 0) return false;
    return this.#isBehind(block);
  }

  /** What is known of it may not be so any more. */
  #isBehind(block: Block): boolean {
    return (
      this.#stale.has(keyOf(block.month)) || (block.complete && block.tiles.length !== block.count)
    );
  }

  /** Asks for the months near the view that are left alone now when their time has come. */
  #fillAgain(near: readonly Block[]): void {
    clearTimeout(this.#again);
    const rests = near
      .filter((block) => this.#isBehind(block))
      .map((block) => this.#patience.left(keyOf(block.month)))
      .filter((ms) => ms > 0);
    if (rests.length === 0) return;
    this.#again = setTimeout(() => this.#fill(), Math.min(...rests));
  }

  /** One page more of the block, or the first ones anew when it is stale. One at a time. */
  #load(block: Block): Promise<void> {
    const key = keyOf(block.month);
    const under = this.#loading.get(key);
    if (under) return under;
    const round = this.#round;
    const loading = (this.#isStale(block) ? this.#reload(block) : this.#page(block))
      .catch((thrown: unknown) => {
        if (round === this.#round)
          this.#failures = new Map(this.#failures).set(key, failure(thrown));
      })
      .finally(() => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key);
      });
    this.#loading.set(key, loading);
    return loading;
  }

  async #page(block: Block): Promise<void> {
    const after = block.tiles.at(-1)?.cursor ?? null;
    const limit = after === null ? FIRST_PAGE : PAGE;
    const { query } = this;
    const page = await this.backend.tiles(query, block.month, after, limit);
    const now = this.#block(block.month);
    if (query !== this.query || !now || now.tiles.at(-1)?.cursor !== block.tiles.at(-1)?.cursor)
      return;
    const tiles = [...now.tiles, ...page];
    this.#change(() =>
      replaced(this.blocks ?? [], filled(now, tiles, page.length < limit, this.#frame)),
    );
  }

  /** As many photos as were known, all asked for again, put in place at once. */
  async #reload(block: Block): Promise<void> {
    this.#stale.delete(keyOf(block.month));
    const tiles: Tile[] = [];
    const { query } = this;
    let complete = false;
    let pages = 0;
    while (!complete && tiles.length < Math.max(1, block.tiles.length)) {
      const page = await this.backend.tiles(query, block.month, tiles.at(-1)?.cursor ?? null, PAGE);
      tiles.push(...page);
      pages += 1;
      complete = page.length < PAGE;
    }
    const now = this.#block(block.month);
    if (query !== this.query || !now) return;
    const next = merged(now.tiles, tiles);
    const same =
      next === now.tiles && complete === now.complete && (!complete || next.length === now.count);
    this.#patience.asked(keyOf(block.month), same ? 'same' : 'changed', pages);
    if (same) return;
    this.#change(() => replaced(this.blocks ?? [], filled(now, next, complete, this.#frame)));
  }

  #letGo(): void {
    const blocks = this.blocks ?? [];
    let kept = blocks.reduce((sum, block) => sum + block.tiles.length, 0);
    if (kept <= KEPT) return;
    const { top } = this.position;
    const far = blocks
      .filter((block) => block.tiles.length > 0 && !this.#loading.has(keyOf(block.month)))
      .filter(
        (block) => block.y + block.height < top - this.#view * 2 || block.y > top + this.#view * 3,
      )
      .sort((a, b) => away(b, top) - away(a, top));
    const gone = new Set<string | null>();
    for (const block of far) {
      if (kept <= KEPT) break;
      kept -= block.tiles.length;
      gone.add(block.month);
    }
    this.blocks = blocks.map((block) => (gone.has(block.month) ? emptied(block) : block));
  }
}

function covers(block: Block, to: number): boolean {
  return block.complete || block.y + laidOut(block) >= Math.min(to, block.y + block.height);
}

function away(block: Block, y: number): number {
  if (y < block.y) return block.y - y;
  return Math.max(0, y - (block.y + block.height));
}
