// Where the rider of a ticket is, in the few words that fit under its time. Distances are as the crow flies and
// carry a tilde; a rider without a fresh fix is said to have no signal instead of being placed somewhere.

import type { Order } from '$lib/api/types';
import { countdown, distance, relative } from '$lib/format';
import { NO_SIGNAL_MS, straightMetres } from './board';

export interface RiderWords {
  text: string;
  /** The same without the name. */
  where: string;
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
  if (!rider) return { text: 'finding a rider', where: '', waiting: false };
  const name = firstName(rider.name);
  const say = (where: string, waiting = false): RiderWords => ({ text: `${name} ${where}`, where, waiting });
  if (rider.arrived_at_restaurant_at) return say(`waiting ${countdown(now - Date.parse(rider.arrived_at_restaurant_at))}`, true);
  const fixAt = rider.fix_at ? Date.parse(rider.fix_at) : 0;
  if (fixAt && now - fixAt > NO_SIGNAL_MS) return say(`has no signal since ${relative(fixAt, now)}`);
  if (!fixAt || rider.lat === null || rider.lng === null) return say('is coming');
  const metres = straightMetres({ lat: rider.lat, lng: rider.lng }, order.restaurant);
  return say(metres < 80 ? 'is outside' : `is ~${distance(metres)} away`);
}
