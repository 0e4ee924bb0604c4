import { expect, it } from 'vitest';
import type { ComparedPlace } from '../backend/types/ComparedPlace';
import type { Comparison } from '../backend/types/Comparison';
import { columnsOf, figuresOf, fitBeside, pricesOf, slowestOf, sortsOf } from './columns';

const place: ComparedPlace = {
  destination: 1,
  name: 'nas',
  place: '/media/nas',
  sort: 'folder',
  service: null,
  photos: 3,
  bytes: 12_000_000,
  verified_by: 'reading_back',
  times: {
    uploads: {
      latency: { p50: 80, p95: 310, count: 812 },
      median_bytes: 4_100_000,
      bytes_per_second: 48e6,
    },
    probes: null,
    lists: { p50: 8, p95: 16, count: 32 },
    rested: { latency: { p50: 2100, p95: 2100, count: 1 }, longest: 10_800 },
    fresh: null,
    again: { p50: 2.25, p95: 3, count: 5 },
    measured_at: 1,
  },
  cost: {
    tariff: 'disk',
    month: 1.33,
    bring_in: 0,
    take_out: 0,
    noted: '2026-11-29',
    source: 'a guess',
    as_shipped: true,
  },
};
const bucket: ComparedPlace = {
  ...place,
  destination: 2,
  name: 'aws',
  sort: 'bucket',
  times: { ...place.times, lists: { p50: 40, p95: 64, count: 20 }, rested: null },
  cost: { ...(place.cost as NonNullable<ComparedPlace['cost']>), tariff: 'amazon', take_out: 4.4 },
};

function comparison(places: ComparedPlace[]): Comparison {
  return {
    places,
    others: ['server', 'functions'],
    prices: { file: '/prices.toml', currency: 'EUR', mistake: null },
    upload_limit: null,
  };
}

it('one place stands beside what the person does not have, several alone', () => {
  const keys = (places: ComparedPlace[]) => columnsOf(comparison(places)).map(({ key }) => key);
  expect(keys([])).toEqual(['server', 'functions']);
  expect(keys([place])).toEqual(['1', 'server', 'functions']);
  expect(keys([place, bucket])).toEqual(['1', '2']);
  const twice = { ...place, destination: 3 };
  expect(sortsOf(columnsOf(comparison([place, bucket, twice])))).toEqual(['folder', 'bucket']);
});

it('four columns have room in the smallest window, and not with text of twice the size', () => {
  expect(fitBeside(4, 790 / 16)).toBe(true);
  expect(fitBeside(4, 790 / 32)).toBe(false);
  expect(fitBeside(2, 790 / 32)).toBe(false);
});

it('figures say what was seen, of how many, and nothing that was not', () => {
  const figures = figuresOf('latency', place, 'EUR', {});
  expect(figures.map(({ key, value, more }) => [key, value, more])).toEqual([
    ['uploads', '80\u00a0ms', '95%: 310\u00a0ms · of 812, middle 4.1\u00a0MB'],
    ['throughput', '48\u00a0MB/s', null],
    ['lists', '8\u00a0ms', '95%: 16\u00a0ms · of 32'],
    ['rested', '2.1\u00a0s', 'up to 3 hours of rest'],
    ['again', '2.3\u00a0ms', '95%: 3\u00a0ms'],
  ]);
  expect(figuresOf('artifact', place, 'EUR', {})).toEqual([]);
  expect(figuresOf('billing', { ...place, cost: null }, 'EUR', {})).toEqual([]);
});

it('bars set the same figure of several places against the slowest', () => {
  const slowest = slowestOf([place, bucket]);
  expect(slowest.lists).toBe(64);
  expect(slowest.rested).toBeUndefined();
  const lists = figuresOf('latency', place, 'EUR', slowest).find(({ key }) => key === 'lists');
  expect(lists?.bar).toEqual({ half: 0.125, most: 0.25 });
  expect(slowestOf([place])).toEqual({});
});

it('what is one’s own costs by the month alone, what is rented by what is done too', () => {
  const keys = (of: ComparedPlace) => figuresOf('billing', of, 'EUR', {}).map(({ key }) => key);
  expect(keys(place)).toEqual(['month']);
  expect(keys(bucket)).toEqual(['month', 'bringIn', 'takeOut']);
  expect(pricesOf([place, bucket, { ...place, destination: 3 }]).length).toBe(2);
});
