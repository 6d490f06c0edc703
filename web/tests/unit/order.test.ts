// What the tracking screen and the bill say about an order, the waiting between tries, and paths.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Order, Tax } from '$lib/api/types';
import { matchPath } from '$lib/router.svelte';
import { SILENT_AFTER_MS } from '$lib/silence';
import { backoff } from '$lib/sse.svelte';
import { taxHeads } from '$lib/ui/bill';
import { leadsStraight, onTheWay } from '../../src/storefront/doors-ahead';
import { ahead } from '../../src/storefront/route-ahead';
import { minutesLeft, movedMinutes, outdated, share, silentSince, usedShare } from '../../src/storefront/order-times';
import { trackTiers } from '../../src/storefront/track-tiers';
import { order as plain } from './orders';

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 7, minutes)).toISOString();
const now = Date.parse(at(20));

describe('times of an order', () => {
  it('knows the share of the way that has passed', () => {
    expect(usedShare({ placed_at: at(10), eta: { low: at(25), high: at(30), reason: null } }, now)).toBe(50);
    expect(share(0, 0, 5)).toBe(100);
    expect(share(10, 20, 0)).toBe(0);
  });

  it('says by how much a promise moved', () => {
    expect(movedMinutes({ first_eta: { low: at(30), high: at(36) }, eta: { low: at(35), high: at(41), reason: 'kitchen-delay' } })).toBe(5);
  });

  it('never promises the past', () => {
    expect(minutesLeft({ eta: { low: at(15), high: at(24), reason: null } }, now)).toEqual({ low: 0, high: 4 });
  });
});

describe('a rider who is not heard', () => {
  const courier = { id: 'k1', fix_at: at(12), arrived_at_restaurant_at: null };
  const riding = { courier, picked_up_at: at(10) } as Order;
  const told = (courier_id: string, minute: number) => ({ courier_id, lat: 12.9, lng: 77.6, at: at(minute), state: 'to_drop' as const });

  it('is silent from the last word on, once that is more than a minute ago', () => {
    expect(silentSince(riding, null, now)).toBe(Date.parse(at(12)));
    expect(silentSince(riding, told('k1', 18), now)).toBe(Date.parse(at(18)));
    expect(silentSince(riding, told('k1', 19), now)).toBeNull();
    expect(silentSince(riding, told('k1', 19), now + 1)).toBe(Date.parse(at(19)));
    expect(silentSince(riding, told('former', 19), now)).toBe(Date.parse(at(12)));
  });

  it('may put the phone away at the counter, and is nobody before there is one', () => {
    expect(silentSince({ courier: { ...courier, arrived_at_restaurant_at: at(9) }, picked_up_at: null } as Order, null, now)).toBeNull();
    expect(silentSince({ courier: { ...courier, arrived_at_restaurant_at: at(9) }, picked_up_at: at(10) } as Order, null, now)).toBe(Date.parse(at(12)));
    expect(silentSince({ courier: { ...courier, fix_at: null }, picked_up_at: null } as Order, null, now)).toBeNull();
    expect(silentSince({ courier: null, picked_up_at: null } as Order, null, now)).toBeNull();
  });
});

describe('silence', () => {
  it('is counted by one figure, here and by the server', () => {
    const server = readFileSync(new URL('../../../crates/domain/src/courier.rs', import.meta.url), 'utf8');
    expect(SILENT_AFTER_MS).toBe(1_000 * Number(/pub const SILENT_AFTER_S: i64 = (\d+);/.exec(server)?.[1]));
  });
});

describe('the doors before one', () => {
  const trip = (doors_ahead: number | null, stop: number | null = 2, picked_up_at: string | null = at(10)) => ({ picked_up_at, courier: { ...plain('h24', 'picked_up').courier!, doors_ahead, stop } });

  it('are counted in words as the server counts them, not by the place in the trip', () => {
    expect([2, 1, 0, null].map((ahead) => onTheWay(trip(ahead)))).toEqual(['on the way, 2 stops before yours', 'on the way, one stop before yours', 'on the way, yours is next', 'on the way to you']);
    expect(onTheWay(trip(0, null))).toBe('on the way to you');
    expect(onTheWay(trip(1, null))).toBe('on the way, one stop before yours');
  });

  it('let the way to the door be drawn once none is left', () => {
    expect([2, 1, 0, null].map((ahead) => leadsStraight(trip(ahead)))).toEqual([false, false, true, false]);
    // Before the food is on board it is as the offer planned it.
    expect([1, 2, null].map((stop) => leadsStraight(trip(null, stop, null)))).toEqual([true, false, true]);
    expect(leadsStraight({ picked_up_at: null, courier: null })).toBe(true);
  });

  it('stand in the tin', () => {
    const title = (ahead: number | null) => trackTiers(plain('h24', 'picked_up', trip(ahead)), now).at(-1)?.title;
    expect([2, 1, 0, null].map(title)).toEqual(['2 stops before yours', 'One stop before yours', 'On the way to you', 'On the way to you']);
  });
});

describe('an arrival told by the stream', () => {
  const eta = { low: at(30), high: at(36), reason: null };
  const shown = { eta, courier: null };

  it('is news when a time, its reason or the courier is another one', () => {
    expect(outdated(shown, { eta, courier: null, version: 2 })).toBe(false);
    expect(outdated(shown, { eta: { ...eta, high: at(41), reason: 'kitchen-delay' }, courier: null, version: 2 })).toBe(true);
    expect(outdated(shown, { eta, courier: { id: 'k1', name: 'Imran Pasha', doors_ahead: null }, version: 2 })).toBe(true);
  });

  it('is news when other doors come before, or fewer', () => {
    const { courier } = plain('h24', 'picked_up');
    const told = (doors_ahead: number | null) => ({ eta, courier: { id: 'k1', name: 'Imran Pasha', doors_ahead }, version: 2 });
    expect(outdated({ eta, courier }, told(null))).toBe(false);
    expect(outdated({ eta, courier: { ...courier!, doors_ahead: 1 } }, told(1))).toBe(false);
    expect(outdated({ eta, courier: { ...courier!, doors_ahead: 1 } }, told(0))).toBe(true);
    expect(outdated({ eta, courier }, told(0))).toBe(true);
  });
});

describe('tax heads of a bill', () => {
  it('joins the two halves per head and keeps their sum', () => {
    const tax = (code: Tax['code'], rate_bp: number, amount_paise: number): Tax => ({ code, rate_bp, base_paise: 0, amount_paise });
    const heads = taxHeads([tax('food_cgst', 250, 850), tax('food_sgst', 250, 850), tax('delivery_cgst', 900, 324), tax('delivery_sgst', 900, 324)]);
    expect(heads.map((head) => [head.head, head.rate, head.amount_paise])).toEqual([['food', '5%', 1700], ['delivery', '18%', 648]]);
    expect(heads[0]?.split).toEqual({ cgst: '₹8.50', local: 'SGST', amount: '₹8.50' });
  });

  it('knows the territories’ half, and the whole tax across States', () => {
    const tax = (code: Tax['code'], rate_bp: number, amount_paise: number): Tax => ({ code, rate_bp, base_paise: 0, amount_paise });
    const [food, delivery] = taxHeads([tax('food_cgst', 250, 850), tax('food_utgst', 250, 850), tax('delivery_igst', 1800, 648)]);
    expect(food).toMatchObject({ rate: '5%', amount_paise: 1700, split: { local: 'UTGST' } });
    expect(delivery).toEqual({ head: 'delivery', rate: '18%', amount_paise: 648, split: null });
  });
});

describe('waiting between tries', () => {
  it('grows to a ceiling and always has some chance in it', () => {
    expect(backoff(0, 0)).toBe(250);
    expect(backoff(0, 1)).toBe(500);
    expect(backoff(30, 1)).toBe(15_000);
    expect(backoff(30, 0)).toBe(7_500);
  });
});

describe('the way ahead', () => {
  const way: [number, number][] = [[0, 0], [0, 1], [0, 2], [1, 2]];

  it('begins at the rider and leaves out what is passed', () => {
    expect(ahead(way, { lat: 0, lng: 1.2 })).toEqual([[0, 1.2], [0, 2], [1, 2]]);
    expect(ahead(way, { lat: 0, lng: 0.9 })).toEqual([[0, 0.9], [0, 1], [0, 2], [1, 2]]);
  });

  it('is the whole way without a rider, and ends at the last point', () => {
    expect(ahead(way, null)).toEqual(way);
    expect(ahead(way, { lat: 1, lng: 2 })).toEqual([[1, 2], [1, 2]]);
  });
});

describe('paths', () => {
  it('takes named parts out and refuses the rest', () => {
    expect(matchPath('/r/:id', '/r/a%20b')).toEqual({ id: 'a b' });
    expect(matchPath('/r/:id', '/r')).toBeNull();
    expect(matchPath('/', '/')).toEqual({});
  });
});
