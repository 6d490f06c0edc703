// The rules of the outbox, as plain functions: which saved action is sent next, what an answer means for it, and how
// an order looks while actions for it are still on the phone. An action is never dropped in silence: it is waiting,
// sent, refused (with the reason) or set aside by the rider.

import type { ApiProblem } from '$lib/api/client';
import type { Courier, Order } from '$lib/api/types';

export type ActionKind = 'shift_on' | 'shift_off' | 'arrive' | 'picked_up' | 'delivered' | 'failed';
export type EntryState = 'waiting' | 'sent' | 'refused' | 'aside';

/** One action as it is kept on the phone. `id` is also its idempotency key, `at` the time it was done. */
export interface Entry {
  id: string;
  seq: number;
  courier_id: string;
  kind: ActionKind;
  path: string;
  body: Record<string, unknown>;
  at: string;
  order_id: string | null;
  number: string | null;
  state: EntryState;
  tries: number;
  settled_at: string | null;
  problem: { code: string; status: number; title: string; detail: string } | null;
}

/** What the person does; the outbox adds id, number and time. */
export type Draft = Pick<Entry, 'kind' | 'path' | 'body' | 'order_id' | 'number'>;

export type Outcome = 'later' | 'login' | 'refused';

const SENT_KEPT = 20;

/** In the order in which the actions were done. */
export function inOrder(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => a.seq - b.seq || a.at.localeCompare(b.at));
}

/** What a failed request means: try later, log in first, or the server has said no. */
export function outcomeOf(problem: Pick<ApiProblem, 'status' | 'code'>): Outcome {
  if (problem.status === 401) return 'login';
  if (problem.status === 0 || problem.status >= 500 || [408, 425, 429].includes(problem.status)) return 'later';
  return 'refused';
}

/** Whether an action stands on one that was refused: a bag that was never picked up cannot be delivered. */
export function isHeld(entry: Entry, entries: Entry[]): boolean {
  if (entry.state !== 'waiting' || entry.order_id === null) return false;
  return entries.some(
    (other) => other.order_id === entry.order_id && other.kind === 'picked_up' && other.state === 'refused' && other.seq < entry.seq,
  );
}

/** The next action to send, or undefined. */
export function nextToSend(entries: Entry[]): Entry | undefined {
  return inOrder(entries).find((entry) => entry.state === 'waiting' && !isHeld(entry, entries));
}

/** Earlier refusals that a new action replaces: typing the code again, pressing "I have the bag" again. */
export function replacedBy(draft: Draft, entries: Entry[]): Entry[] {
  const same = (entry: Entry): boolean => entry.kind === draft.kind || (isEnd(draft.kind) && isEnd(entry.kind));
  return entries.filter((entry) => entry.state === 'refused' && entry.order_id === draft.order_id && same(entry));
}

function isEnd(kind: ActionKind): boolean {
  return kind === 'delivered' || kind === 'failed';
}

/** The actions that go aside together: the refused one and what stands on it. */
export function asideTogether(entry: Entry, entries: Entry[]): Entry[] {
  return entries.filter((other) => other.id === entry.id || (other.order_id === entry.order_id && isHeld(other, entries)));
}

/** Old sent actions that need not be kept; everything else stays. */
export function forgettable(entries: Entry[]): Entry[] {
  const done = inOrder(entries).filter((entry) => entry.state === 'sent' || entry.state === 'aside');
  return done.slice(0, Math.max(0, done.length - SENT_KEPT));
}

/** Whether the server already stands where an action wanted it, for answers that were lost on the way. */
export function alreadyDone(entry: Entry, order: Order): boolean {
  const passed = order.timeline.some((step) => step.status === 'picked_up') || order.status === 'picked_up';
  if (entry.kind === 'arrive') return passed || Boolean(order.courier?.arrived_at_restaurant_at);
  if (entry.kind === 'picked_up') return passed;
  return entry.kind === order.status;
}

/** An order as the rider left it, with the actions that are still on the phone. */
export function withPending(order: Order, entries: Entry[]): Order {
  let view = order;
  for (const entry of inOrder(entries)) {
    if (entry.state !== 'waiting' || entry.order_id !== order.id || isHeld(entry, entries)) continue;
    if (entry.kind === 'arrive' && view.courier && !view.courier.arrived_at_restaurant_at) {
      view = { ...view, courier: { ...view.courier, arrived_at_restaurant_at: entry.at } };
    } else if (entry.kind === 'picked_up' && !view.picked_up_at) {
      view = { ...view, status: 'picked_up', picked_up_at: entry.at };
    } else if (entry.kind === 'delivered') {
      view = { ...view, status: 'delivered', delivered_at: entry.at, ended_at: entry.at };
    } else if (entry.kind === 'failed') {
      view = { ...view, status: 'failed', ended_at: entry.at };
    }
  }
  return view;
}

/** Whether the rider is on shift, by the last word of the phone or else of the server. */
export function isOnShift(courier: Courier | null, entries: Entry[]): boolean {
  const last = inOrder(entries).filter((entry) => entry.state === 'waiting' && entry.order_id === null).at(-1);
  if (last) return last.kind === 'shift_on';
  return courier !== null && courier.state !== 'off';
}
