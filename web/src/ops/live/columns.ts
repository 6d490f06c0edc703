// The board without a map: one column per rider with what is to be picked up and dropped, in the rider's own order,
// and one for orders that nobody has. Pure, so that the rules can be read and tested here.

import type { Courier, LiveBoard, LiveException, LiveOrder } from '$lib/api/types';

/** One thing to do: fetch the bag (P) or hand it over (D). */
export interface Task {
  orderId: string;
  number: string;
  kind: 'P' | 'D';
  /** When it should happen; null when the kitchen has not said. */
  at: string | null;
  late: boolean;
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
  unassigned: Task[];
  unassignedOrders: number;
  /** New orders that the kitchen has not accepted yet: nobody can be given these. */
  waiting: Task[];
  waitingOrders: number;
  busy: Column[];
  free: Courier[];
}

type ByOrder = Map<string, LiveException>;

/** The tasks of one order: both, or only the drop once the bag is on the road. */
export function tasksOf(order: LiveOrder, exception: LiveException | undefined): Task[] {
  const base = { orderId: order.id, number: order.number };
  const kitchenLate = exception?.kind === 'kitchen_late';
  const estimate = exception ? exception.estimate_at : order.promised_at;
  const drop: Task = { ...base, kind: 'D', at: estimate, late: Date.parse(estimate) > Date.parse(order.promised_at), overSince: null };
  if (order.status === 'picked_up') return [drop];
  return [{ ...base, kind: 'P', at: order.ready_at, late: kitchenLate, overSince: kitchenLate ? exception.since : null }, drop];
}

function inHand(courier: Courier, orders: LiveOrder[]): LiveOrder[] {
  const place = new Map(courier.order_ids.map((id, index) => [id, index]));
  return orders
    .filter((order) => order.courier_id === courier.id)
    .sort((one, other) => (place.get(one.id) ?? 99) - (place.get(other.id) ?? 99));
}

/** Sorts the board into columns: riders with trouble first, then by name. */
export function columnsOf(board: LiveBoard): Columns {
  const trouble: ByOrder = new Map(board.exceptions.map((exception) => [exception.order_id, exception]));
  const worstFirst = rankBy(board.exceptions);
  const loose = board.orders
    .filter((order) => order.courier_id === null)
    .sort((one, other) => worstFirst(one.id) - worstFirst(other.id) || one.placed_at.localeCompare(other.placed_at));
  const waiting = loose.filter((order) => order.status === 'placed');
  const unassigned = loose.filter((order) => order.status !== 'placed');
  const tasks = (orders: LiveOrder[]): Task[] => orders.flatMap((order) => tasksOf(order, trouble.get(order.id)));
  const busy: Column[] = [];
  const free: Courier[] = [];
  for (const courier of board.couriers) {
    if (courier.state === 'off') continue;
    const orders = inHand(courier, board.orders);
    if (orders.length === 0) {
      free.push(courier);
      continue;
    }
    const mine = tasks(orders);
    const drops = mine.filter((task) => task.kind === 'D').map((task) => task.at ?? '');
    const silent = orders.some((order) => ['courier_silent', 'courier_dark'].includes(trouble.get(order.id)?.kind ?? ''));
    busy.push({ courier, tasks: mine, freeFrom: drops.sort().at(-1) ?? null, silent });
  }
  const rank = (column: Column): number => Math.min(...column.tasks.map((task) => worstFirst(task.orderId)));
  busy.sort((one, other) => rank(one) - rank(other) || one.courier.name.localeCompare(other.courier.name));
  free.sort((one, other) => one.name.localeCompare(other.name));
  return { unassigned: tasks(unassigned), unassignedOrders: unassigned.length, waiting: tasks(waiting), waitingOrders: waiting.length, busy, free };
}

function rankBy(exceptions: LiveException[]): (orderId: string) => number {
  const ranks = new Map(exceptions.map((exception, index) => [exception.order_id, index]));
  return (orderId) => ranks.get(orderId) ?? 9999;
}
