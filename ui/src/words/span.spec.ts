import { describe, expect, it } from 'vitest';
import type { Days } from '../backend/types/Days';
import { amountsIn } from './amounts';

const between = (from: string, to: string): Days => ({ kind: 'between', from, to });
const yearly = (from: string, to: string): Days => ({ kind: 'every_year', from, to });

describe('days of a search', () => {
  it.each([
    [between('2019-01-01', '2019-12-31'), '2019', '2019'],
    [between('2017-01-01', '2019-12-31'), '2017–2019', '2017–2019'],
    [between('2019-06-01', '2019-06-30'), 'June 2019', 'Juni 2019'],
    [between('2024-02-01', '2024-02-29'), 'February 2024', 'Februar 2024'],
    [between('2019-06-03', '2019-06-03'), '3 Jun 2019', '3. Juni 2019'],
    [yearly('06-01', '06-30'), 'June', 'Juni'],
    [yearly('02-01', '02-29'), 'February', 'Februar'],
    [yearly('12-01', '02-29'), '1 Dec – 29 Feb', '1. Dez. – 29. Feb.'],
  ])('are said in short: %o', (days, english, german) => {
    expect(amountsIn('en', 'en-GB').span(days)).toBe(english);
    expect(amountsIn('de', 'de-DE').span(days)).toBe(german);
  });

  it('name both ends where they are no whole month', () => {
    const summer = amountsIn('en', 'en-GB').span(between('2019-06-01', '2019-08-31'));
    expect(summer).toMatch(/1 Jun.*31 Aug 2019/);
    expect(amountsIn('en', 'en-GB').span(yearly('12-24', '12-26'))).toMatch(/24.*26 Dec/);
  });
});
