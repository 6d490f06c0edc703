// The jobs of a rider, as plain functions: which stage each is in and which comes first, in the sequence that the server
// reckons with. What is on board goes to its doors before anything else is fetched; what was taken together is fetched
// together and keeps the sequence of doors that the offer had. Then comes what was taken first, with every bag that
// waits at the same counter. Nobody leaves a counter without the bag that stands ready on it.

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

const waitsAt = (order: Order): string | null => (stageOf(order) === 'drop' ? null : `${order.restaurant.lat},${order.restaurant.lng}`);

/** The open jobs in the order of work. */
export function sortJobs(orders: Iterable<Order>): Order[] {
  const open = [...orders].filter((order) => isOpen(order.status));
  const trip = (order: Order): Order[] => open.filter((other) => tripOf(other) === tripOf(order));
  const laden = (order: Order): boolean => trip(order).some((other) => stageOf(other) === 'drop');
  const taken = (order: Order): number => time(order.courier?.taken_at ?? null);
  const first = (order: Order): number => (laden(order) ? Math.min(...trip(order).map((other) => time(other.eta.high))) : taken(order));
  const ready = (order: Order): number => time(order.ready_at ?? order.promised_ready_at);
  const inReach = (order: Order): boolean => stageOf(order) === 'pickup' && order.status === 'ready';
  open.sort((a, b) => {
    if (inReach(a) !== inReach(b)) return inReach(a) ? -1 : 1;
    if (inReach(a)) return ready(a) - ready(b);
    if (laden(a) !== laden(b)) return laden(a) ? -1 : 1;
    if (first(a) !== first(b)) return first(a) - first(b);
    if (taken(a) !== taken(b)) return taken(a) - taken(b);
    // The other bags of a trip are fetched before its first door.
    const [fetchA, fetchB] = [waitsAt(a) !== null, waitsAt(b) !== null];
    if (tripOf(a) === tripOf(b) && fetchA !== fetchB) return fetchA ? -1 : 1;
    return (a.courier?.stop ?? 0) - (b.courier?.stop ?? 0) || time(a.eta.high) - time(b.eta.high) || a.id.localeCompare(b.id);
  });
  const counter = open[0] && waitsAt(open[0]);
  if (!counter) return open;
  return [...open.filter((order) => waitsAt(order) === counter), ...open.filter((order) => waitsAt(order) !== counter)];
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
