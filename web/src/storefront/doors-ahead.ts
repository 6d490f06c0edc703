// The doors before this one, as the storefront tells them: in words, and whether the way to the door is the rider's own.
// How many there are is the server's to say; the place in the trip (`stop`) stays when the doors before are done.

import type { Order } from '$lib/api/types';
import { t, tn } from '$lib/i18n/storefront';

type Trip = Pick<Order, 'picked_up_at' | 'courier'>;

/** How many doors the rider comes to before this one; null while that is not known. */
export function doorsAhead({ courier }: Pick<Trip, 'courier'>): number | null {
  return courier?.doors_ahead ?? null;
}

/** Where a rider with the food is. That a door is the next one goes without saying for who carries one bag. */
export function onTheWay(order: Trip): string {
  const ahead = doorsAhead(order);
  if (ahead === null || (ahead === 0 && order.courier?.stop == null)) return t('courier.on-the-way');
  return ahead === 0 ? t('courier.next') : tn('courier.stops-before', ahead);
}

/** Whether the way to the door leads past no other: by what is still in hand once the food is on board, before that as it
    was planned. */
export function leadsStraight(order: Trip): boolean {
  if (order.picked_up_at !== null) return doorsAhead(order) === 0;
  return (order.courier?.stop ?? 1) === 1;
}
