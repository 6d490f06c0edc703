// The times of an order as the screens show them: how much of the way is used, how full each tier of the tin is,
// and whether the promise moved. Pure, so that it can be tested.

import type { ArrivalEvent, Order, PositionEvent, SharedOrder } from '$lib/api/types';
import { SILENT_AFTER_MS } from '$lib/silence';

/** Share of the time between placing and the latest arrival that has passed, 0 to 100. */
export function usedShare(order: Pick<Order, 'placed_at' | 'eta'>, now: number): number {
  return share(Date.parse(order.placed_at), Date.parse(order.eta.high), now);
}

/** How much of the way from one moment to another has passed, 0 to 100. */
export function share(from: number, to: number, now: number): number {
  if (to <= from) return 100;
  return Math.max(0, Math.min(100, ((now - from) / (to - from)) * 100));
}

/** Whole minutes by which the latest arrival moved since the order was placed; negative is earlier. */
export function movedMinutes(order: Pick<Order, 'eta' | 'first_eta'>): number {
  return Math.round((Date.parse(order.eta.high) - Date.parse(order.first_eta.high)) / 60_000);
}

/** The two ends of "in 24 to 32 min", whole minutes from now and never negative. */
export function minutesLeft({ eta }: { eta: Pick<Order['eta'], 'low' | 'high'> & Partial<Order['eta']> }, now: number): { low: number; high: number } {
  const minutes = (at: string): number => Math.max(0, Math.ceil((Date.parse(at) - now) / 60_000));
  return { low: minutes(eta.low), high: minutes(eta.high) };
}

/** Since when nothing was heard of the rider who should be heard of, in milliseconds; null while all is well. At the counter
    the phone may be put away. */
export function silentSince(order: Pick<Order, 'courier' | 'picked_up_at'>, position: PositionEvent | null, now: number): number | null {
  const courier = order.courier;
  if (!courier || (courier.arrived_at_restaurant_at && !order.picked_up_at)) return null;
  const told = position && position.courier_id === courier.id ? Date.parse(position.at) : 0;
  return ifSilent(Math.max(told, courier.fix_at ? Date.parse(courier.fix_at) : 0), now);
}

/** The same for who has a link. It does not tell whether the rider stands at the counter, so only with the food on board. */
export function sharedSilentSince(order: Pick<SharedOrder, 'courier' | 'picked_up_at'>, now: number): number | null {
  const at = order.courier?.position?.at;
  return at && order.picked_up_at ? ifSilent(Date.parse(at), now) : null;
}

function ifSilent(heard: number, now: number): number | null {
  return heard > 0 && now - heard > SILENT_AFTER_MS ? heard : null;
}

/** Whether the stream tells of another arrival, another courier or other doors before than the order that is shown. */
export function outdated(order: Pick<Order, 'eta' | 'courier'>, told: ArrivalEvent): boolean {
  const { low, high, reason } = told.eta;
  const moved = low !== order.eta.low || high !== order.eta.high || reason !== order.eta.reason;
  const { courier } = order;
  return moved || (told.courier?.id ?? null) !== (courier?.id ?? null) || (told.courier?.doors_ahead ?? null) !== (courier?.doors_ahead ?? null);
}
