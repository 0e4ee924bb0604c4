/**
 * What stands in the comparison: a column a place, a row a question.
 *
 * **Invariant:** who has one place or none sees the kinds that they do not have beside it; with more, their own
 * places alone.
 */

import type { ComparedPlace } from '../backend/types/ComparedPlace';
import type { ComparedRow } from '../backend/types/ComparedRow';
import type { Comparison } from '../backend/types/Comparison';
import type { Cost } from '../backend/types/Cost';
import type { Latency } from '../backend/types/Latency';
import type { PlaceSort } from '../backend/types/PlaceSort';
import { words } from '../words';

export const ROWS: readonly ComparedRow[] = [
  'unit',
  'artifact',
  'distribution',
  'triggers',
  'state',
  'latency',
  'observability',
  'billing',
  'lift_and_shift',
  'local_development',
];

export interface Column {
  readonly key: string;
  readonly sort: PlaceSort;
  /** None: the person has no place of this sort. */
  readonly place: ComparedPlace | null;
}

export function columnsOf({ places, others }: Comparison): readonly Column[] {
  const own = places.map(
    (place): Column => ({ key: `${place.destination}`, sort: place.sort, place }),
  );
  if (places.length > 1) return own;
  return [...own, ...others.map((sort): Column => ({ key: sort, sort, place: null }))];
}

/** The sorts of these columns, each once. */
export function sortsOf(columns: readonly Column[]): readonly PlaceSort[] {
  return [...new Set(columns.map(({ sort }) => sort))];
}

/** The narrowest a column of sentences is, in rem, and what stands before them. */
const COLUMN = 10;
const QUESTIONS = 8;

/** Whether so many columns have room beside each other in so many rem. */
export function fitBeside(columns: number, rem: number): boolean {
  return QUESTIONS + columns * COLUMN <= rem;
}

export type Timed = 'uploads' | 'probes' | 'lists' | 'rested' | 'fresh' | 'again';

/** One figure of one place. */
export interface Figure {
  readonly key: keyof typeof words.compare.figures;
  readonly value: string;
  readonly more: string | null;
  /** Where it stands among the same figure of all places, 0 to 1; none: it is alone. */
  readonly bar: { readonly half: number; readonly most: number } | null;
}

/** The slowest of each figure among several places that have it. */
export type Slowest = Partial<Record<Timed, number>>;

export function slowestOf(places: readonly ComparedPlace[]): Slowest {
  const slowest: Slowest = {};
  for (const key of ['uploads', 'probes', 'lists', 'rested', 'fresh', 'again'] as const) {
    const seen = places.flatMap((place) => latencyOf(place, key)?.p95 ?? []);
    if (seen.length > 1) slowest[key] = Math.max(...seen);
  }
  return slowest;
}

/** The figures of a place for a question; none: it has none, or nothing was measured yet. */
export function figuresOf(
  row: ComparedRow,
  place: ComparedPlace,
  currency: string,
  slowest: Slowest,
): readonly Figure[] {
  switch (row) {
    case 'state':
      return [said('kept', words.compare.kept(place.photos, place.bytes))];
    case 'observability':
      return [said('verifies', words.compare.verified[place.verified_by])];
    case 'billing':
      return place.cost === null ? [] : costs(place.cost, currency);
    case 'latency':
      return times(place, slowest);
    default:
      return [];
  }
}

function times(place: ComparedPlace, slowest: Slowest): readonly Figure[] {
  const { uploads, probes, lists, rested, fresh, again } = place.times;
  const figures: Figure[] = [];
  const add = (key: Timed, latency: Latency, about: string | null) => {
    const { half, most } = words.compare;
    const more = latency.count > 1 ? [most(latency), about] : [about];
    const whole = slowest[key];
    figures.push({
      key,
      value: half(latency),
      more: more.filter((part) => part !== null).join(' · ') || null,
      bar: whole ? { half: latency.p50 / whole, most: latency.p95 / whole } : null,
    });
  };
  if (uploads) add('uploads', uploads.latency, middle(uploads.latency, uploads.median_bytes));
  if (probes) add('probes', probes.latency, probe(probes.latency, probes.median_bytes));
  const speed = uploads ?? probes;
  if (speed) figures.push(said('throughput', words.compare.speed(speed.bytes_per_second)));
  if (lists) add('lists', lists, words.compare.of(lists));
  if (rested) add('rested', rested.latency, words.compare.rest(rested.longest));
  if (fresh) add('fresh', fresh, null);
  if (again) add('again', again, null);
  return figures;
}

function middle(latency: Latency, size: number): string {
  return words.compare.middle(latency.count, size);
}

function probe(latency: Latency, size: number): string {
  return words.compare.probe(latency.count, size);
}

function costs(cost: Cost, currency: string): readonly Figure[] {
  const { money } = words.compare;
  const month = said('month', money(cost.month, currency));
  if (cost.tariff === 'disk' || cost.tariff === 'server') return [month];
  return [
    month,
    said('bringIn', money(cost.bring_in, currency)),
    said('takeOut', money(cost.take_out, currency)),
  ];
}

function said(key: Figure['key'], value: string): Figure {
  return { key, value, more: null, bar: null };
}

function latencyOf(place: ComparedPlace, key: Timed): Latency | null {
  const timed = place.times[key];
  if (timed === null) return null;
  return 'latency' in timed ? timed.latency : timed;
}

/** The costs whose prices are told apart by what is said of them. */
export function pricesOf(places: readonly ComparedPlace[]): readonly Cost[] {
  const costs = new Map<string, Cost>();
  for (const { cost } of places) {
    if (cost) costs.set(`${cost.tariff} ${cost.noted} ${cost.source}`, cost);
  }
  return [...costs.values()];
}
