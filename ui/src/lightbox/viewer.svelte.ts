/**
 * The photo that is looked at, and the way to its neighbours.
 */

import { type Failure, failure, type Gallery } from '../backend/backend';
import type { PhotoDetail } from '../backend/types/PhotoDetail';
import type { Tile } from '../backend/types/Tile';
import type { Place } from '../photos/places';
import type { Timeline } from '../photos/timeline.svelte';
import { type Look, type Point, pan, type Size, wholeLook, zoom } from './zoom';

export class Viewer {
  place = $state.raw<Place>({ month: null, index: 0 });
  tile = $state.raw<Tile | null>(null);
  detail = $state.raw<PhotoDetail | null>(null);
  broken = $state.raw<Failure | null>(null);
  stage = $state.raw<Size>({ width: 0, height: 0 });
  /** Of the picture itself, once one arrived; it stands in for sizes that no metadata told. */
  natural = $state.raw<Size | null>(null);
  #changed = $state.raw<Look | null>(null);
  #opening = 0;

  readonly photo: Size = $derived.by(() => {
    const { tile, natural } = this;
    if (tile && tile.width > 0 && tile.height > 0)
      return { width: tile.width, height: tile.height };
    return natural ?? { width: 0, height: 0 };
  });
  readonly look: Look = $derived(this.#changed ?? wholeLook(this.photo, this.stage, this.#own()));
  readonly zoomed = $derived(this.#changed !== null);
  readonly percent = $derived(Math.round((this.look.scale / this.#own()) * 100));

  readonly atStart = $derived.by(() => this.timeline.neighbour(this.place, -1) === null);
  readonly atEnd = $derived.by(() => this.timeline.neighbour(this.place, 1) === null);

  constructor(
    private readonly backend: Gallery,
    private readonly timeline: Timeline,
    start: Place,
  ) {
    this.place = start;
  }

  /** Opened faster than answers come, the last one asked for is shown. */
  async open(place: Place): Promise<void> {
    this.#opening += 1;
    const opening = this.#opening;
    const tile = await this.timeline.tileAt(place);
    if (!tile || opening !== this.#opening) return;
    this.place = place;
    this.tile = tile;
    this.detail = null;
    this.broken = null;
    this.natural = null;
    this.#changed = null;
    this.timeline.reveal(place);
    await this.refresh();
  }

  /** Another photo may have been opened before the answer: then it is not for this one. */
  async refresh(): Promise<void> {
    const id = this.tile?.id;
    if (id === undefined) return;
    try {
      const detail = await this.backend.photo(id);
      if (this.tile?.id !== id) return;
      this.detail = detail;
      this.broken = null;
    } catch (thrown) {
      if (this.tile?.id === id) this.broken = failure(thrown);
    }
  }

  async step(by: 1 | -1): Promise<void> {
    const here = this.tile ? this.timeline.placeOf(this.tile.id, this.place) : this.place;
    const next = this.timeline.neighbour(here, by);
    if (next) await this.open(next);
  }

  zoomBy(factor: number, point: Point = { x: 0, y: 0 }): void {
    const next = zoom(this.look, factor, point, this.photo, this.stage, this.#own());
    const whole = wholeLook(this.photo, this.stage, this.#own());
    this.#changed = next.scale <= whole.scale * 1.001 ? null : next;
  }

  /** The photo at its own pixels. */
  ownPixels(): void {
    this.zoomBy(this.#own() / this.look.scale);
  }

  whole(): void {
    this.#changed = null;
  }

  panBy(by: Point): void {
    if (this.#changed) this.#changed = pan(this.#changed, by, this.photo, this.stage);
  }

  /** CSS pixels that one pixel of the screen takes. */
  #own(): number {
    return 1 / (globalThis.devicePixelRatio || 1);
  }
}
