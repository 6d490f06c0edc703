import { describe, expect, it } from 'vitest';
import { drift, isEarly, isOff, share, spanUntil, story } from '../../../src/ops/arrivals/fit';

const nothing = { orders: 0, inside_pct: null, on_time_pct: null, under_p50_pct: null, under_p90_pct: null, bias_s: null, mean_lateness_s: null };
const parts = { assignment: nothing, first_mile: nothing, preparation: nothing, last_mile: nothing };
const span = { from: '2026-11-13T07:00:00Z', to: '2026-11-20T07:00:00Z' };

describe('arrivals against what was said', () => {
  it('says in a sentence how many came within the range', () => {
    const total = { ...nothing, orders: 1200, inside_pct: 81.6, on_time_pct: 90.1, mean_lateness_s: 342 };
    const says = story({ ...span, total, parts, hours: [], restaurants: [] });
    expect(says.before + says.mark + says.after).toBe('Of 1,200 deliveries, 82 % came within the range that was shown, and 90 % by its late end. Those after the promise came 5.7 min late.');
    expect(story({ ...span, total: nothing, parts, hours: [], restaurants: [] }).mark).toBe('Nothing was delivered');
  });

  it('gives no verdict on few deliveries', () => {
    const total = { ...nothing, orders: 65, inside_pct: 29, on_time_pct: 52, mean_lateness_s: 342 };
    const says = story({ ...span, total, parts, hours: [], restaurants: [] });
    expect(says.before + says.mark + says.after).toBe('It is too early to judge: of 65 deliveries, 29 % came within the range that was shown, and 52 % by its late end. From 200 on this page says what is off.');
    expect([isEarly(total), isEarly({ orders: 200 })]).toEqual([true, false]);
  });

  it('marks only what chance does not explain', () => {
    expect(isOff(60, 80, 400)).toBe(true);
    expect(isOff(77, 80, 4000)).toBe(false);
    expect(isOff(40, 80, 10)).toBe(false);
    expect(isOff(null, 80, 400)).toBe(false);
  });

  it('writes shares and drifts', () => {
    expect([share(null), share(49.6), drift(null), drift(-30), drift(192), drift(0), drift(-2), drift(2)]).toEqual(['–', '50 %', '–', '−0.5 min', '+3.2 min', '0.0 min', '0.0 min', '0.0 min']);
    expect(spanUntil(Date.parse('2026-11-20T07:00:00Z'), 'week').from).toBe('2026-11-13T07:00:00.000Z');
  });
});
