// The jobs of a rider, as plain functions: which stage each is in and which comes first. All bags are picked up
// before the first door, in the order in which they are ready; then the doors in the order of their promise. What was
// taken together keeps the sequence of doors that the offer had.

import type { Order } from '$lib/api/types';
import { isOpen } from '$lib/ui/order-status';

export type Stage = 'to_pickup' | 'pickup' | 'drop';

/** Where the rider stands with an order. */
export function stageOf(order: Order): Stage {
  if (order.status === 'picked_up') return 'drop';
  return order.courier?.arrived_at_restaurant_at ? 'pickup' : 'to_pickup';
}

const time = (text: string | null): number => (text ? Date.parse(text) : Number.POSITIVE_INFINITY);

/** What was taken together has one name; an order that rides alone has its own. */
function tripOf(order: Order): string {
  return order.courier?.stop != null && order.courier.taken_at ? order.courier.taken_at : order.id;
}

/** The open jobs in the order of work. */
export function sortJobs(orders: Iterable<Order>): Order[] {
  const open = [...orders].filter((order) => isOpen(order.status));
  const promises = new Map<string, number>();
  for (const order of open) promises.set(tripOf(order), Math.min(promises.get(tripOf(order)) ?? Number.POSITIVE_INFINITY, time(order.eta.high)));
  const rank = (order: Order): number => (stageOf(order) === 'drop' ? 1 : 0);
  const promise = (order: Order): number => promises.get(tripOf(order)) ?? time(order.eta.high);
  return open.sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (rank(a) === 0) return time(a.ready_at ?? a.promised_ready_at) - time(b.ready_at ?? b.promised_ready_at);
    return promise(a) - promise(b) || (a.courier?.stop ?? 0) - (b.courier?.stop ?? 0);
  });
}

/** The jobs on the way to the same counter, this one among them: arriving there is one action for all. */
export function sameCounter(jobs: Order[], order: Order): Order[] {
  return jobs.filter((job) => stageOf(job) === 'to_pickup' && job.restaurant.lat === order.restaurant.lat && job.restaurant.lng === order.restaurant.lng);
}

/** The cash to take at the door, in paise; 0 when it is paid. */
export function cashToCollect(order: Order): number {
  return order.payment.method === 'cod' && order.payment.status === 'due' ? order.total_paise : 0;
}

/** How many pieces are in the bag. */
export function pieces(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** The parts of an address that help at the door, in reading order. */
export function addressLines(order: Order): string[] {
  const { line2, landmark, pin } = order.address;
  return [line2, landmark, pin].filter((part): part is string => Boolean(part));
}

/** Hands a place to the phone's own map. iPhones do not know `geo:`. */
export function mapLink(place: { lat: number; lng: number }, label: string, agent = navigator.userAgent): string {
  const at = `${place.lat.toFixed(6)},${place.lng.toFixed(6)}`;
  if (/iPhone|iPad|iPod/.test(agent)) return `maps:?daddr=${at}&q=${encodeURIComponent(label)}`;
  return `geo:${at}?q=${at}(${encodeURIComponent(label)})`;
}
