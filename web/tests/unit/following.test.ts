// Following an order: whose place is shown, how old it is, why the arrival moved, and a link that has ended.
import { render } from 'svelte/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Order, PositionEvent, SharedOrder } from '$lib/api/types';
import { clock } from '$lib/clock';
import { LiveStream } from '$lib/sse.svelte';
import { sharedSilentSince } from '../../src/storefront/order-times';
import TrackAge from '../../src/storefront/parts/TrackAge.svelte';
import { trackPins } from '../../src/storefront/track-pins';
import { trackTiers } from '../../src/storefront/track-tiers';
import { whyMoved } from '../../src/storefront/why-moved';
import { START, at, order as plain } from './orders';

const told = (courier_id: string, minute: number): PositionEvent => ({ courier_id, lat: 12.9, lng: 77.6, at: at(minute), state: 'to_drop' });

describe('the rider on the map', () => {
  const courier = { ...plain('h24', 'picked_up').courier!, lat: 12.8, lng: 77.5, fix_at: at(20) };
  const rider = (position: PositionEvent | null, changes: Partial<NonNullable<Order['courier']>> = {}) =>
    trackPins(plain('h24', 'picked_up', { courier: { ...courier, ...changes } }), position).find((pin) => pin.kind === 'rider');

  it('is where they were told or read to be, whichever is newer', () => {
    expect(rider(told('k1', 21))).toMatchObject({ lat: 12.9, lng: 77.6, fixAt: at(21) });
    expect(rider(told('k1', 19))).toMatchObject({ lat: 12.8, lng: 77.5, fixAt: at(20) });
    expect(rider(null)).toMatchObject({ lat: 12.8, lng: 77.5, fixAt: at(20) });
  });

  it('is never a former rider under the name of the new one', () => {
    expect(rider(told('former', 21))).toMatchObject({ label: 'Imran Pasha', lat: 12.8, lng: 77.5, fixAt: at(20) });
    expect(rider(told('former', 21), { lat: null, lng: null, fix_at: null })).toBeUndefined();
    expect(trackPins(plain('h24', 'accepted', { courier: null }), told('former', 21)).map((pin) => pin.kind)).toEqual(['kitchen', 'home']);
  });
});

describe('the kitchen’s word beside the arrival', () => {
  const cooking = (low: number, now = START) => trackTiers(plain('h24', 'preparing', { eta: { low: at(low), high: at(low + 6), reason: null } }), now)[1]!;

  it('is told while the food can be at the door after it', () => {
    expect(cooking(24).detail).toMatch(/^food ready ~/);
  });

  it('is left out where the arrival is reckoned before it, and the tin fills by the sooner', () => {
    expect(cooking(14).detail).toBeUndefined();
    expect(cooking(14, Date.parse(at(14))).fill).toBe(100);
  });
});

describe('what a link tells of the rider', () => {
  const shared = (minute: number | null, picked_up_at: string | null) =>
    ({ picked_up_at, courier: { first_name: 'Imran', vehicle: 'scooter', doors_ahead: 0, position: minute === null ? null : { lat: 12.9, lng: 77.6, within_m: 10, at: at(minute) } } }) as Pick<SharedOrder, 'courier' | 'picked_up_at'>;

  it('is how long nothing was heard, once the food is on board', () => {
    expect(sharedSilentSince(shared(18, at(10)), Date.parse(at(20)))).toBe(Date.parse(at(18)));
    expect(sharedSilentSince(shared(19, at(10)), Date.parse(at(20)))).toBeNull();
    expect(sharedSilentSince(shared(12, null), Date.parse(at(20)))).toBeNull();
    expect(sharedSilentSince(shared(null, at(10)), Date.parse(at(20)))).toBeNull();
    expect(sharedSilentSince({ courier: null, picked_up_at: null }, Date.parse(at(20)))).toBeNull();
  });

  it('is why the arrival moved, unless that has passed', () => {
    expect(whyMoved('kitchen-delay', true, 'Ambika')).toBe('Ambika needs more time.');
    expect(whyMoved('no-courier-yet', false, 'Ambika')).toMatch(/^a rider/);
    expect(whyMoved('no-courier-yet', true, 'Ambika')).toBeUndefined();
    expect(whyMoved(null, true, 'Ambika')).toBeUndefined();
  });
});

describe('how old it is', () => {
  const words = (state: LiveStream['state'], age: number, silent: number | null = null): string => render(TrackAge, { props: { live: { state, lastAt: clock.now() - age * 1000 }, silent } }).body.replace(/<[^>]*>/g, '').trim();

  it('is said in words, of the line first and then of the rider', () => {
    expect(words('live', 2)).toBe('Live');
    expect(words('reconnecting', 44)).toMatch(/^Updated 40 sec\.? ago, reconnecting$/);
    expect(words('live', 2, clock.now() - 120_000)).toMatch(/^Rider last seen 2 min\.? ago$/);
    expect(words('ended', 2)).toBe('');
  });
});

describe('a stream that is refused', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('says so once and is not tried again', async () => {
    const asked = vi.fn(() => Promise.resolve(new Response('{"code":"not-found","status":404}', { status: 404 })));
    const plainly = { addEventListener: () => undefined, removeEventListener: () => undefined };
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('window', plainly);
    vi.stubGlobal('document', plainly);
    vi.stubGlobal('localStorage', { getItem: () => null });
    const refused = vi.fn();
    const stream = new LiveStream('/track/x/events', { onevent: () => undefined, onrefused: refused });
    const stop = stream.start();
    await vi.waitFor(() => expect(refused).toHaveBeenCalledOnce());
    expect(stream.state).toBe('refused');
    expect(asked).toHaveBeenCalledOnce();
    stop();
  });
});
