/**
 * A rectangle that the mouse draws over the gallery: what it touches is chosen, besides what was before.
 *
 * It begins where the button went down, in what is scrolled; where the mouse is, is told in the view. So it grows
 * while the view goes on under a mouse that rests near an edge.
 */

import { type Choice, NOTHING, type Rectangle } from './choice';

/** How far the mouse moves before it draws. */
const BEGINS = 6;
/** How near to an edge the view goes on, and by how much each time. */
const EDGE = 40;
const SCROLL = 14;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn over. */
export interface Ground {
  /** Where the view stands in what is scrolled. */
  readonly top: number;
  readonly height: number;
  jump(top: number): void;
  choose(before: Choice, rectangle: Rectangle): void;
}

interface Begun {
  readonly from: Point;
  readonly before: Choice;
  /** In the view. */
  pointer: Point;
}

export class Sweep {
  /** In what is scrolled; null: none is drawn. */
  rectangle = $state.raw<Rectangle | null>(null);
  /** One just ended: the click that follows is none. */
  ended = false;
  #begun: Begun | null = null;

  constructor(private readonly ground: Ground) {}

  /** The button went down; nothing is drawn yet. `before` is what stays chosen, with a key held. */
  begin(pointer: Point, before: Choice = NOTHING): void {
    this.ended = false;
    const from = { x: pointer.x, y: pointer.y + this.ground.top };
    this.#begun = { from, before, pointer };
  }

  /** Returns whether it began to be drawn by this. */
  move(pointer: Point): boolean {
    const begun = this.#begun;
    if (begun === null) return false;
    begun.pointer = pointer;
    const first = this.rectangle === null;
    const { from } = begun;
    const far = Math.hypot(pointer.x - from.x, pointer.y + this.ground.top - from.y);
    if (first && far < BEGINS) return false;
    this.#draw(begun);
    return first;
  }

  /** Near an edge the view goes on, and the rectangle with it; false: none is drawn any more. */
  follow(): boolean {
    if (this.#begun === null || this.rectangle === null) return false;
    const { y } = this.#begun.pointer;
    const by = y < EDGE ? -SCROLL : y > this.ground.height - EDGE ? SCROLL : 0;
    if (by !== 0) {
      this.ground.jump(this.ground.top + by);
      this.#draw(this.#begun);
    }
    return true;
  }

  end(): void {
    this.ended = this.rectangle !== null;
    this.#begun = null;
    this.rectangle = null;
  }

  #draw({ from, before, pointer }: Begun): void {
    this.rectangle = { ...from, toX: pointer.x, toY: pointer.y + this.ground.top };
    this.ground.choose(before, this.rectangle);
  }
}
