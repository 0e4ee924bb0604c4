import { describe, expect, it } from 'vitest';
import { amountsIn, utcOffset } from './amounts';
import * as german from './de/amounts';
import {
  ago,
  bytes,
  coordinates,
  month,
  photos,
  speed,
  taken,
  timeLeft,
  within,
} from './en/amounts';

describe('sizes', () => {
  it.each([
    [0, '0\u00a0bytes'],
    [1, '1\u00a0byte'],
    [999, '999\u00a0bytes'],
    [1000, '1.0\u00a0KB'],
    [9_949, '9.9\u00a0KB'],
    [9_960, '10\u00a0KB'],
    [999_600, '1.0\u00a0MB'],
    [3_100_000, '3.1\u00a0MB'],
    [48_000_000_000, '48\u00a0GB'],
    [9e20, '900,000\u00a0PB'],
  ])('%d', (value, expected) => {
    expect(bytes(value)).toBe(expected);
  });
});

it('photos agree with their number', () => {
  expect([photos(0), photos(1), photos(12_345)]).toEqual(['0 photos', '1 photo', '12,345 photos']);
});

it('speed is bytes a second', () => {
  expect(speed(3_100_000)).toBe('3.1\u00a0MB/s');
});

describe('time left', () => {
  it.each([
    [3, 'a few seconds left'],
    [31, '30 seconds left'],
    [56, '1 minute left'],
    [130, '2 minutes left'],
    [3600 * 5, '5 hours left'],
    [86_400 * 3, '3 days left'],
  ])('%d', (seconds, expected) => {
    expect(timeLeft(seconds)).toBe(expected);
  });
});

it('a wait is never said to be shorter than it is', () => {
  const said = [1, 6, 90, 91, 600, 5_401].map(within);
  expect(said).toEqual([
    'in 1 second',
    'in 6 seconds',
    'in 90 seconds',
    'in 2 minutes',
    'in 10 minutes',
    'in 2 hours',
  ]);
});

it('how long ago is coarse', () => {
  const now = Date.parse('2026-11-24T12:00:00');
  expect(ago(now - 5_000, now)).toBe('just now');
  expect(ago(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(ago(now - 26 * 3_600_000, now)).toBe('1 day ago');
  expect(ago(now - 40 * 86_400_000, now)).toBe('on 15 Oct 2026');
});

describe('dates as taken', () => {
  it('are wall time, whatever this machine’s zone is', () => {
    expect(taken('2019-06-15T18:04:05', null)).toBe('Saturday, 15 June 2019, 18:04');
  });
  it('name the offset only where the file does', () => {
    expect(taken('2019-06-15T18:04:05', 7200)).toBe('Saturday, 15 June 2019, 18:04 (UTC+2)');
    expect([utcOffset(0), utcOffset(-12_600), utcOffset(20_700)]).toEqual([
      'UTC',
      'UTC−3:30',
      'UTC+5:45',
    ]);
  });
  it('that are none stay as they are', () => {
    expect(taken('0000:00:00', null)).toBe('0000:00:00');
    expect(month('rubbish')).toBe('rubbish');
  });
  it('have months in sentence case', () => {
    expect(month('2019-06')).toBe('June 2019');
  });
});

it('places have a hemisphere', () => {
  expect(coordinates(47.3769, 8.5417)).toBe('47.3769° N, 8.5417° E');
  expect(coordinates(-33.8688, -70.5)).toBe('33.8688° S, 70.5000° W');
});

describe('in German', () => {
  it.each([
    ['numbers have points', german.photos(12_345), '12.345 Fotos'],
    ['one is one', german.photos(1), '1 Foto'],
    ['sizes have a comma', german.bytes(3_100_000), '3,1\u00a0MB'],
    ['bytes have no plural', german.bytes(999), '999\u00a0Byte'],
    ['months', german.month('2019-03'), 'März 2019'],
    ['time left', german.timeLeft(130), 'noch 2 Minuten'],
    ['one day', german.timeLeft(86_400 * 3), 'noch 3 Tage'],
    ['apertures', german.decimal(5.6), '5,6'],
    ['places', german.coordinates(-47.3769, 8.5417), '47,3769° S, 8,5417° O'],
    ['dates', german.taken('2019-06-15T18:04:05', 7200), 'Samstag, 15. Juni 2019, 18:04 (UTC+2)'],
  ])('%s', (_, said, expected) => {
    expect(said).toBe(expected);
  });

  it('how long ago is coarse', () => {
    const now = Date.parse('2026-11-24T12:00:00');
    expect(german.ago(now - 5_000, now)).toBe('gerade eben');
    expect(german.ago(now - 60_000, now)).toBe('vor 1 Minute');
    expect(german.ago(now - 26 * 3_600_000, now)).toBe('vor 1 Tag');
    expect(german.ago(now - 40 * 86_400_000, now)).toBe('am 15. Okt. 2026');
  });
});

it('a region has its own months, numbers and clock', () => {
  expect(amountsIn('de', 'de-AT').month('2019-01')).toBe('Jänner 2019');
  expect(amountsIn('de', 'de-CH').count(12_345)).toMatch(/^12['’]345$/);
  expect(amountsIn('en', 'en-US').taken('2019-06-15T18:04:05', null)).toMatch(
    /^Saturday, June 15, 2019, 6:04\sPM$/,
  );
});
