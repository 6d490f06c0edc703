import { describe, expect, it } from 'vitest';
import type { Reassigned, Shift } from '../../../src/lib/api/types';
import { bulkOutcome } from '../../../src/ops/live/bulk';
import { daysLeft, endTone, endWords } from '../../../src/ops/riders/papers';
import { byDay, spanOf } from '../../../src/ops/riders/shift-days';

const NOON = Date.parse('2026-11-20T12:00:00+05:30');

describe('the end of a document', () => {
  it('counts whole days, and the last day still counts', () => {
    expect(daysLeft('2026-11-20', NOON)).toBe(0);
    expect(daysLeft('2026-11-21', NOON)).toBe(1);
    expect(daysLeft('2026-11-19', NOON)).toBe(-1);
    expect(daysLeft('2026-12-20', Date.parse('2026-11-20T00:05:00+05:30'))).toBe(30);
  });

  it('is said in words and in a tone', () => {
    const tone = (expires_on: string | null): string => endTone({ expires_on }, NOON);
    expect([tone('2027-06-01'), tone('2026-12-20'), tone('2026-11-19'), tone(null)]).toEqual(['ok', 'wait', 'late', 'off']);
    expect(endWords('2026-11-20', NOON)).toBe('runs out today');
    expect(endWords('2026-11-21', NOON)).toBe('1 day left');
    expect(endWords('2026-11-19', NOON)).toBe('ran out yesterday');
    expect(endWords('2026-11-10', NOON)).toBe('ran out 10 days ago');
  });
});

describe('shifts', () => {
  const shift = (id: string, starts_at: string): Shift => ({ id, starts_at, ends_at: starts_at, city_id: 'c', zone_id: null, zone_name: null, courier_id: null, courier_name: null });

  it('lie under the local day on which they begin', () => {
    const days = byDay([shift('b', '2026-11-21T13:00:00Z'), shift('a', '2026-11-20T19:00:00Z'), shift('c', '2026-11-22T06:00:00Z')]);
    expect(days.map((one) => [one.day, one.shifts.map((it) => it.id)])).toEqual([['2026-11-21', ['a', 'b']], ['2026-11-22', ['c']]]);
  });

  it('may run past midnight', () => {
    expect(spanOf('2026-11-20', '12:00', '15:30')).toEqual({ starts_at: '2026-11-20T06:30:00.000Z', ends_at: '2026-11-20T10:00:00.000Z' });
    expect(spanOf('2026-11-20', '20:00', '01:00')).toEqual({ starts_at: '2026-11-20T14:30:00.000Z', ends_at: '2026-11-20T19:30:00.000Z' });
  });
});

describe('moving several orders', () => {
  it('counts what moved and says why the rest stayed', () => {
    const stayed = { order_id: 'two', order: null, problem: { title: 'The order cannot move to that status from where it is.' } } as Reassigned;
    const moved = { order_id: 'one', order: {}, problem: null } as Reassigned;
    expect(bulkOutcome([moved, stayed], new Map([['two', 'H24']]))).toEqual({ moved: 1, stayed: ['H24: the order cannot move to that status from where it is'] });
  });
});
