// The jobs of a rider and the day's money.

import { describe, expect, it } from 'vitest';
import { cashToCollect, mapLink, sameCounter, sortJobs, stageOf } from '../../src/rider/jobs';
import { daySums, hourBars } from '../../src/rider/money';
import type { Order } from '../../src/lib/api/types';
import { at, order } from './orders';

describe('the jobs', () => {
  const taken = (id: string, minute: number, change: Partial<Order>, status: Order['status'] = 'preparing'): Order => {
    const job = order(id, status, change);
    return { ...job, courier: { ...order('x', 'ready').courier!, taken_at: at(minute), stop: null } };
  };
  const elsewhere = (id: string) => ({ restaurant: { ...order('x', 'ready').restaurant, id, lat: 12.99 } });

  it('lead to the door before anything else is fetched, and then to what was taken first', () => {
    const jobs = sortJobs([taken('b', 6, { promised_ready_at: at(12), ...elsewhere('r2') }), taken('c', 5, { promised_ready_at: at(18) }), taken('a', 1, {}, 'picked_up'), order('d', 'delivered')]);
    expect(jobs.map((job) => job.id)).toEqual(['a', 'c', 'b']);
  });

  it('are fetched together where they wait at the same counter', () => {
    const jobs = sortJobs([taken('c', 7, {}), taken('b', 6, elsewhere('r2')), taken('a', 5, {})]);
    expect(jobs.map((job) => job.id)).toEqual(['a', 'c', 'b']);
  });

  it('that were taken together go door after door as the offer said, whatever each is promised', () => {
    const rides = (id: string, stop: number | null, high: number, status: 'picked_up' | 'ready' = 'picked_up') =>
      order(id, status, { courier: { ...order('x', 'ready').courier!, taken_at: at(5), stop }, eta: { low: at(0), high: at(high), reason: null } });
    expect(sortJobs([rides('b', 2, 14), rides('a', 1, 20)]).map((job) => job.id)).toEqual(['a', 'b']);
    // One that rides alone comes where its promise puts it: before or after the whole trip, not into it.
    expect(sortJobs([rides('b', 2, 14), rides('c', null, 16), rides('a', 1, 20)]).map((job) => job.id)).toEqual(['a', 'b', 'c']);
    expect(sortJobs([rides('b', 2, 14), rides('c', null, 12), rides('a', 1, 20)]).map((job) => job.id)).toEqual(['c', 'a', 'b']);
    expect(sortJobs([rides('a', 1, 20), rides('b', 2, 14, 'ready')]).map((job) => job.id)).toEqual(['b', 'a']);
  });

  it('of one counter are arrived at together', () => {
    const there = order('a', 'accepted');
    const arrived = order('b', 'ready', { courier: { ...there.courier!, arrived_at_restaurant_at: at(9) } });
    const elsewhere = order('d', 'accepted', { restaurant: { ...there.restaurant, id: 'r2', lat: 12.99 } });
    const jobs = [there, arrived, order('c', 'ready'), elsewhere, order('e', 'picked_up')];
    expect(sameCounter(jobs, there).map((job) => job.id)).toEqual(['a', 'c']);
  });

  it('know their stage and the cash at the door', () => {
    const waiting = order('b', 'ready', { courier: { ...order('x', 'ready').courier!, arrived_at_restaurant_at: at(9) } });
    expect([stageOf(order('a', 'ready')), stageOf(waiting), stageOf(order('c', 'picked_up'))]).toEqual(['to_pickup', 'pickup', 'drop']);
    expect(cashToCollect(order('a', 'picked_up', { payment: { method: 'cod', status: 'due' } }))).toBe(27_000);
    expect(cashToCollect(order('a', 'picked_up'))).toBe(0);
  });

  it('hand a place to the map of the phone', () => {
    expect(mapLink({ lat: 12.9716, lng: 77.5946 }, '14, 7th Cross', 'Android')).toBe('geo:12.971600,77.594600?q=12.971600,77.594600(14%2C%207th%20Cross)');
    expect(mapLink({ lat: 1, lng: 2 }, 'x', 'iPhone')).toMatch(/^maps:/);
  });
});

describe('the money of a day', () => {
  const day = (total: number, lines: [pay: number, tip: number, at: string][]) => ({
    day: '2026-11-20', total_paise: total, cash_in_hand_paise: 0, cash_limit_paise: 500_000,
    lines: lines.map(([pay_paise, tip_paise, time], index) => ({ order_id: `o${index}`, number: `H${index}`, at: time, pay_paise, tip_paise })),
  });

  it('adds up to the total, whether the tip is in the pay or beside it', () => {
    expect(daySums(day(9_000, [[5_000, 0, at(0)], [3_000, 1_000, at(9)]]))).toEqual({ jobs_paise: 8_000, tips_paise: 1_000, rest_paise: 0 });
    expect(daySums(day(8_000, [[5_000, 0, at(0)], [3_000, 1_000, at(9)]]))).toEqual({ jobs_paise: 7_000, tips_paise: 1_000, rest_paise: 0 });
    expect(daySums(day(8_480, [[8_000, 0, at(0)]])).rest_paise).toBe(480);
  });

  it('is drawn by the hour of India, with empty hours between', () => {
    const bars = hourBars(day(9_000, [[5_000, 0, '2026-11-20T04:10:00Z'], [4_000, 0, '2026-11-20T06:40:00Z']]));
    expect(bars).toEqual([{ hour: 9, paise: 5_000 }, { hour: 10, paise: 0 }, { hour: 11, paise: 0 }, { hour: 12, paise: 4_000 }]);
  });
});
