// Where the rider of a ticket is, in the few words that fit under its time. Distances are as the crow flies and
// carry a tilde; a rider without a fresh fix is said to have no signal instead of being placed somewhere.

import type { Order } from '$lib/api/types';
import { countdown, distance, relative } from '$lib/format';
import { NO_SIGNAL_MS, straightMetres } from './board';

export interface RiderWords {
  text: string;
  /** A rider stands at the counter. */
  waiting: boolean;
}

/** The first name is enough at a counter. */
export function firstName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}

/** The words for an order at a time. */
export function riderWords(order: Order, now: number): RiderWords {
  const rider = order.courier;
  if (!rider) return { text: 'finding a rider', waiting: false };
  const name = firstName(rider.name);
  if (rider.arrived_at_restaurant_at) {
    return { text: `${name} waiting ${countdown(now - Date.parse(rider.arrived_at_restaurant_at))}`, waiting: true };
  }
  const fixAt = rider.fix_at ? Date.parse(rider.fix_at) : 0;
  if (now - fixAt > NO_SIGNAL_MS) {
    return { text: fixAt ? `${name}, no signal since ${relative(fixAt, now)}` : `${name} is coming`, waiting: false };
  }
  if (rider.lat === null || rider.lng === null) return { text: `${name} is coming`, waiting: false };
  const metres = straightMetres({ lat: rider.lat, lng: rider.lng }, order.restaurant);
  return { text: metres < 80 ? `${name} is outside` : `${name}, ~${distance(metres)}`, waiting: false };
}
