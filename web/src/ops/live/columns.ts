// The board without a map: one column per rider with what is to be picked up and dropped, in the rider's own order,
// and one for orders that nobody has: first those that somebody should have had by now. Pure, so that the rules can be read and tested here.

import type { Courier, LiveBoard, LiveException, LiveOrder } from '$lib/api/types';
import { freeRiders } from '../riders/fix';

/** One thing to do: fetch the bag (P) or hand it over (D). */
export interface Task {
  orderId: string;
  number: string;
  kind: 'P' | 'D';
  /** When it should happen; null when the kitchen has not said. */
  at: string | null;
  /** What the time is: when the food is ready, what the customer was promised, or what is expected now. */
  means: 'ready' | 'promised' | 'expected';
  late: boolean;
  /** The food is ready so late that the promise to the door can hardly be held; not yet trouble to the server. */
  tight: boolean;
  /** Since when the kitchen is over its time, on the pick-up only. */
  overSince: string | null;
}

export interface Column {
  courier: Courier;
  tasks: Task[];
  /** When the last drop should be done. */
  freeFrom: string | null;
  silent: boolean;
}

export interface Columns {
  /** Orders that should have a rider by now. */
  unassigned: Task[];
  unassignedOrders: number;
  /** Orders whose rider is called later, so that nobody stands at the counter before the food is ready. */
  later: Task[];
  laterOrders: number;
  /** New orders that the kitchen has not accepted yet: nobody can be given these. */
  waiting: Task[];
  waitingOrders: number;
  busy: Column[];
  /** Who can be asked now. */
  free: Courier[];
  /** With nothing in hand, but at rest, silent, or looking at an offer. */
  away: Courier[];
}

const MINUTE_MS = 60_000;

type ByOrder = Map<string, LiveException>;

/** The tasks of one order: both, or only the drop once the bag is on the road. */
export function tasksOf(order: LiveOrder, exception: LiveException | undefined): Task[] {
  const base = { orderId: order.id, number: order.number };
  const kitchenLate = exception?.kind === 'kitchen_late';
  const late = exception !== undefined && Date.parse(exception.estimate_at) > Date.parse(order.promised_at);
  const drop: Task = late
    ? { ...base, kind: 'D', at: exception.estimate_at, means: 'expected', late, tight: false, overSince: null }
    : { ...base, kind: 'D', at: order.promised_at, means: 'promised', late: false, tight: cookedTooLate(order), overSince: null };
  if (order.status === 'picked_up') return [drop];
  return [{ ...base, kind: 'P', at: order.ready_at, means: 'ready', late: kitchenLate, tight: false, overSince: kitchenLate ? exception.since : null }, drop];
}

/** Food that is ready within a minute of the promise to the door, or after it: no rider can hold that promise. */
function cookedTooLate(order: LiveOrder): boolean {
  return order.status !== 'picked_up' && order.ready_at !== null && Date.parse(order.ready_at) > Date.parse(order.promised_at) - MINUTE_MS;
}

/** The tasks of one rider, order after order; the bags that wait at one counter are fetched together. */
function workOf(orders: LiveOrder[], tasks: (order: LiveOrder) => Task[]): Task[] {
  const work: Task[] = [];
  for (let first = 0; first < orders.length;) {
    const counter = (order: LiveOrder | undefined): string | null => (order && order.status !== 'picked_up' ? order.restaurant_id : null);
    let end = first + 1;
    while (counter(orders[first]) !== null && counter(orders[end]) === counter(orders[first])) end += 1;
    const together = orders.slice(first, end).flatMap(tasks);
    work.push(...together.filter((task) => task.kind === 'P'), ...together.filter((task) => task.kind === 'D'));
    first = end;
  }
  return work;
}

function inHand(courier: Courier, orders: LiveOrder[]): LiveOrder[] {
  const place = new Map(courier.order_ids.map((id, index) => [id, index]));
  return orders
    .filter((order) => order.courier_id === courier.id)
    .sort((one, other) => (place.get(one.id) ?? 99) - (place.get(other.id) ?? 99));
}

/** Sorts the board into columns: riders with trouble first, then by name. `now` tells who is silent. */
export function columnsOf(board: LiveBoard, now: number): Columns {
  const trouble: ByOrder = new Map(board.exceptions.map((exception) => [exception.order_id, exception]));
  const worstFirst = rankBy(board.exceptions);
  const loose = board.orders
    .filter((order) => order.courier_id === null)
    .sort((one, other) => worstFirst(one.id) - worstFirst(other.id) || one.placed_at.localeCompare(other.placed_at));
  const waiting = loose.filter((order) => order.status === 'placed');
  const accepted = loose.filter((order) => order.status !== 'placed');
  const wanting = (order: LiveOrder): boolean => trouble.get(order.id)?.kind === 'unassigned';
  const unassigned = accepted.filter(wanting);
  const later = accepted.filter((order) => !wanting(order));
  const tasks = (orders: LiveOrder[]): Task[] => orders.flatMap((order) => tasksOf(order, trouble.get(order.id)));
  const busy: Column[] = [];
  const idle: Courier[] = [];
  for (const courier of board.couriers) {
    if (courier.state === 'off') continue;
    const orders = inHand(courier, board.orders);
    if (orders.length === 0) {
      idle.push(courier);
      continue;
    }
    const mine = workOf(orders, (order) => tasks([order]));
    const drops = mine.filter((task) => task.kind === 'D').map((task) => task.at ?? '');
    const silent = orders.some((order) => ['courier_silent', 'courier_dark'].includes(trouble.get(order.id)?.kind ?? ''));
    busy.push({ courier, tasks: mine, freeFrom: drops.sort().at(-1) ?? null, silent });
  }
  const rank = (column: Column): number => Math.min(...column.tasks.map((task) => worstFirst(task.orderId)));
  busy.sort((one, other) => rank(one) - rank(other) || one.courier.name.localeCompare(other.courier.name));
  idle.sort((one, other) => one.name.localeCompare(other.name));
  const free = freeRiders(idle, now);
  const away = idle.filter((courier) => !free.includes(courier));
  return { unassigned: tasks(unassigned), unassignedOrders: unassigned.length, later: tasks(later), laterOrders: later.length, waiting: tasks(waiting), waitingOrders: waiting.length, busy, free, away };
}

function rankBy(exceptions: LiveException[]): (orderId: string) => number {
  const ranks = new Map(exceptions.map((exception, index) => [exception.order_id, index]));
  return (orderId) => ranks.get(orderId) ?? 9999;
}
