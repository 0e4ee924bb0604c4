/** What was measured of the fake's places. */

import type { ComparedPlace } from '../types/ComparedPlace';
import type { Comparison } from '../types/Comparison';
import type { DestinationView } from '../types/DestinationView';
import type { Latency } from '../types/Latency';
import type { MeasureReport } from '../types/MeasureReport';
import type { PlaceSort } from '../types/PlaceSort';
import type { Times } from '../types/Times';

const SORTS: Record<DestinationView['config']['kind'], PlaceSort> = {
  folder: 'folder',
  s3: 'bucket',
  http: 'server',
  lambda: 'functions',
};

const NOTHING: Times = {
  uploads: null,
  probes: null,
  lists: null,
  rested: null,
  fresh: null,
  again: null,
  measured_at: null,
};

export function comparison(
  destinations: readonly DestinationView[],
  measured: number | null,
): Comparison {
  const places = destinations.map((destination) => placeOf(destination, measured));
  return {
    places,
    others: (['folder', 'bucket', 'server', 'functions'] as const).filter((sort) =>
      places.every((place) => place.sort !== sort),
    ),
    prices: { file: '/home/mara/.config/imgn/prices.toml', currency: 'EUR', mistake: null },
    upload_limit: null,
  };
}

export function measuredOf(destinations: readonly DestinationView[]): MeasureReport {
  return {
    places: destinations.map(({ id, name, config }) => ({
      destination: id,
      name,
      answers: config.kind === 'http' ? 26 : 31,
      probes: config.kind === 'http' ? 'not_taken' : 'removed',
      reason: null,
    })),
    stopped: false,
  };
}

function placeOf(destination: DestinationView, measured: number | null): ComparedPlace {
  const sort = SORTS[destination.config.kind];
  return {
    destination: destination.id,
    name: destination.name,
    place: destination.place,
    sort,
    service: destination.service,
    photos: destination.photos,
    bytes: destination.bytes,
    verified_by: sort === 'folder' ? 'reading_back' : 'checksum',
    times: timesOf(sort, measured),
    cost: {
      tariff: sort === 'folder' ? 'disk' : 'server',
      month: sort === 'folder' ? 1.33 : 3.31,
      bring_in: 0,
      take_out: 0,
      noted: '2026-11-29',
      source: 'a guess',
      as_shipped: true,
    },
  };
}

function timesOf(sort: PlaceSort, measured: number | null): Times {
  const slow = sort === 'folder' ? 1 : 4;
  const latency = (p50: number, p95: number, count: number): Latency => ({
    p50: p50 * slow,
    p95: p95 * slow,
    count,
  });
  const uploads = {
    latency: latency(80, 310, 812),
    median_bytes: 4_100_000,
    bytes_per_second: 48e6 / slow,
  };
  if (measured === null) return { ...NOTHING, uploads, lists: latency(9, 14, 12) };
  return {
    uploads,
    probes:
      sort === 'server' ? null : { ...uploads, latency: latency(21, 44, 5), median_bytes: 1e6 },
    lists: latency(8, 16, 32),
    rested: { latency: latency(210, 210, 1), longest: 10_800 },
    fresh: latency(12, 12, 1),
    again: latency(2.2, 3.1, 5),
    measured_at: measured,
  };
}
