// What the live map shows. Quiet things are dots (kitchens, riders, drops); what is selected or in trouble is a marker.
// Ids carry their kind, so that a click on the map can be led back to an order.

import type { Candidate, LiveBoard, LiveOrder, OrderRoute, Point } from '$lib/api/types';
import type { MapLine, MapPin } from '$lib/map/types';
import { EXCEPTIONS, STATES, vehicleWord } from './words';

/** How many candidates are numbered on the map. */
export const SHOWN_CANDIDATES = 3;

function quietPins(board: LiveBoard, skip: ReadonlySet<string>): MapPin[] {
  const pins: MapPin[] = [];
  for (const kitchen of board.restaurants) {
    const id = `kitchen:${kitchen.id}`;
    if (!skip.has(id)) pins.push({ id, lat: kitchen.lat, lng: kitchen.lng, kind: 'dot', tone: kitchen.late_orders > 0 ? 'late' : 'off', label: `${kitchen.name}, ${kitchen.open_orders} open` });
  }
  for (const courier of board.couriers) {
    const id = `rider:${courier.id}`;
    if (courier.lat === null || courier.lng === null || courier.state === 'off' || skip.has(id)) continue;
    pins.push({ id, lat: courier.lat, lng: courier.lng, kind: 'dot', tone: 'leaf', label: `${courier.name}, ${vehicleWord(courier.vehicle)}, ${STATES[courier.state].word}` });
  }
  return pins;
}

function troublePins(board: LiveBoard, selected: string | null): MapPin[] {
  return board.exceptions.flatMap((exception): MapPin[] => {
    const order = board.orders.find((one) => one.id === exception.order_id);
    if (!order || order.id === selected) return [];
    const tone = EXCEPTIONS[exception.kind].tone === 'late' ? 'late' : 'ink';
    return [{ id: `order:${order.id}`, lat: order.lat, lng: order.lng, kind: 'home', tone, badge: exception.number, label: `${exception.number}: ${EXCEPTIONS[exception.kind].word}` }];
  });
}

function openPins(board: LiveBoard, selected: string | null): MapPin[] {
  const trouble = new Set(board.exceptions.map((exception) => exception.order_id));
  return board.orders
    .filter((order) => order.id !== selected && !trouble.has(order.id))
    .map((order): MapPin => ({ id: `order:${order.id}`, lat: order.lat, lng: order.lng, kind: 'dot', tone: 'info', label: `${order.number} to ${order.drop_locality}` }));
}

interface Focus {
  order: LiveOrder | undefined;
  candidates: Candidate[];
  picked: string | null;
  route: OrderRoute | undefined;
}

/** All pins, quiet ones first so that markers lie above them. */
export function livePins(board: LiveBoard, focus: Focus): MapPin[] {
  const { order } = focus;
  const ranked = focus.candidates.slice(0, SHOWN_CANDIDATES);
  const skip = new Set(ranked.map((one) => `rider:${one.courier_id}`));
  if (order) skip.add(`kitchen:${order.restaurant_id}`);
  if (order?.courier_id) skip.add(`rider:${order.courier_id}`);
  const pins = [...openPins(board, order?.id ?? null), ...quietPins(board, skip), ...troublePins(board, order?.id ?? null)];
  for (const [index, one] of ranked.entries()) {
    const courier = board.couriers.find((rider) => rider.id === one.courier_id);
    if (courier?.lat == null || courier.lng === null) continue;
    pins.push({ id: `rider:${courier.id}`, lat: courier.lat, lng: courier.lng, kind: 'rider', tone: 'leaf', badge: String(index + 1), selected: one.courier_id === focus.picked, label: `Candidate ${index + 1}: ${courier.name}` });
  }
  if (!order) return pins;
  const holder = board.couriers.find((rider) => rider.id === order.courier_id);
  if (holder?.lat != null && holder.lng !== null) pins.push({ id: `rider:${holder.id}`, lat: holder.lat, lng: holder.lng, kind: 'rider', tone: 'leaf', fixAt: holder.fix_at, label: `${holder.name} has ${order.number}` });
  if (order.status !== 'picked_up') pins.push({ id: `kitchen:${order.restaurant_id}`, lat: order.pickup_lat, lng: order.pickup_lng, kind: 'kitchen', tone: 'hot', label: `Pick up ${order.number} at ${order.restaurant_name}` });
  pins.push({ id: `order:${order.id}`, lat: order.lat, lng: order.lng, kind: 'home', tone: 'hot', label: `Drop ${order.number} in ${order.drop_locality}` });
  return pins;
}

/** The selected order's way, and from the ranked candidates a straight dotted line to the kitchen. */
export function liveLines(board: LiveBoard, focus: Focus): MapLine[] {
  const { order } = focus;
  if (!order) return [];
  const lines: MapLine[] = (focus.route?.legs ?? []).map((leg): MapLine => ({ id: leg.kind, points: leg.points, style: leg.kind === 'first_mile' ? 'dotted' : 'solid', tone: leg.kind === 'first_mile' ? 'ink' : 'hot' }));
  for (const one of focus.candidates.slice(0, SHOWN_CANDIDATES)) {
    const courier = board.couriers.find((rider) => rider.id === one.courier_id);
    if (courier?.lat == null || courier.lng === null) continue;
    lines.unshift({ id: `to-${courier.id}`, points: [[courier.lat, courier.lng], [order.pickup_lat, order.pickup_lng]], style: 'dotted', tone: 'ink' });
  }
  return lines;
}

/** What the map should have in view for the selected order: both ends and the ranked candidates. */
export function focusPoints(board: LiveBoard, focus: Focus): Point[] {
  const { order } = focus;
  if (!order) return [];
  const points: Point[] = [[order.pickup_lat, order.pickup_lng], [order.lat, order.lng]];
  for (const id of [order.courier_id, ...focus.candidates.slice(0, SHOWN_CANDIDATES).map((one) => one.courier_id)]) {
    const courier = board.couriers.find((rider) => rider.id === id);
    if (courier?.lat != null && courier.lng !== null) points.push([courier.lat, courier.lng]);
  }
  return points;
}

/** The order that a click on a pin means: itself, what the rider carries, or the kitchen's oldest. */
export function orderOfPin(board: LiveBoard, id: string): string | null {
  const [kind, key] = id.split(':');
  if (kind === 'order') return key ?? null;
  const mine = board.orders.filter((order) => (kind === 'rider' ? order.courier_id === key : order.restaurant_id === key));
  const worst = board.exceptions.find((exception) => mine.some((order) => order.id === exception.order_id));
  return worst?.order_id ?? mine.sort((one, other) => one.placed_at.localeCompare(other.placed_at))[0]?.id ?? null;
}
