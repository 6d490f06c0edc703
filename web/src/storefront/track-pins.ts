// What the map of an order shows: kitchen, door, and the rider who has the order now.

import type { Order, PositionEvent } from '$lib/api/types';
import type { MapPin } from '$lib/map/types';

type Place = Pick<MapPin, 'lat' | 'lng' | 'fixAt'>;

/** Where the rider is: what was told or what was read, whichever is newer. What was told of a rider who has the order no
    longer is nobody's place here. */
function placeOf({ courier }: Order, told: PositionEvent | null): Place | null {
  if (!courier) return null;
  const mine = told?.courier_id === courier.id ? told : null;
  if (mine && !(courier.fix_at && Date.parse(courier.fix_at) > Date.parse(mine.at))) return { lat: mine.lat, lng: mine.lng, fixAt: mine.at };
  const { lat, lng, fix_at } = courier;
  return lat == null || lng == null ? null : { lat, lng, fixAt: fix_at };
}

/** The pins of an order, with the position that was told last. */
export function trackPins(order: Order, told: PositionEvent | null): MapPin[] {
  const { restaurant, address, courier } = order;
  const pins: MapPin[] = [
    { id: 'kitchen', kind: 'kitchen', label: restaurant.name, lat: restaurant.lat, lng: restaurant.lng },
    { id: 'home', kind: 'home', label: address.label, lat: address.lat, lng: address.lng },
  ];
  const place = placeOf(order, told);
  return courier && place ? [...pins, { id: 'rider', kind: 'rider', label: courier.name, ...place }] : pins;
}
