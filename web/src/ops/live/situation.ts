// One sentence about what is wrong with an order and what that means for the person who acts. Only facts of the contract
// are used; what cannot be known here (why somebody declined) is not claimed.

import type { Decisions, EtaReason, LiveException, Order } from '$lib/api/types';
import { clockTime } from '$lib/format';
import type { IconName } from '$lib/ui/icon-names';
import { isOpen, orderStatus } from '$lib/ui/order-status';
import { askedText } from './decisions';
import type { Tone } from './words';

export interface Situation {
  tone: Tone;
  icon: IconName | undefined;
  text: string;
  /** Whom to call: the rider, where a number is known. */
  call?: { name: string; phone: string };
}

const ETA_REASONS: Record<EtaReason, string> = { 'kitchen-delay': 'the kitchen is slower', 'no-courier-yet': 'no rider was found in time', 'courier-slow': 'the rider is slower', traffic: 'ways take longer', estimate: 'it was reckoned too short' };

function promise(exception: LiveException): string {
  const late = Math.round((Date.parse(exception.estimate_at) - Date.parse(exception.promised_at)) / 60_000);
  const promised = `Promised ${clockTime(exception.promised_at)}`;
  return late > 0 ? `${promised}, now ${clockTime(exception.estimate_at)}: ${late} min late.` : `${promised}, still in time.`;
}

function trouble(order: Order, exception: LiveException, decisions: Decisions | undefined): string {
  const since = clockTime(exception.since);
  const rider = order.courier?.name ?? 'The rider';
  const reach = order.courier?.phone ? 'call' : 'no phone number of theirs is known, so tell the customer';
  const asked = decisions ? askedText(decisions) : null;
  switch (exception.kind) {
    case 'unassigned':
      return `${asked ? `${asked} ` : ''}No rider has it since ${since}. ${promise(exception)}`;
    case 'courier_dark':
      return `${rider} has the bag and has said nothing since ${since}. ${order.courier?.phone ? 'A message went out to them; the' : 'The'} bag stays with this rider: ${reach}${order.courier?.phone ? ', then the customer' : ''}. ${promise(exception)}`;
    case 'courier_silent':
      return order.status === 'picked_up'
        ? `No position from ${rider} since ${since}. The bag is on board, so it stays with this rider: ${reach}. ${promise(exception)}`
        : `No position from ${rider} since ${since}. The food is still at the kitchen, so it can move to somebody else. ${promise(exception)}`;
    case 'kitchen_late':
      return `${order.restaurant.name} is over its own time since ${since}${order.courier?.arrived_at_restaurant_at ? `; ${rider} waits there since ${clockTime(order.courier.arrived_at_restaurant_at)}` : ''}. ${promise(exception)}`;
    case 'not_accepted':
      return `${order.restaurant.name} has not answered since ${since}; without an answer it ends by itself at ${clockTime(order.accept_by)}. ${promise(exception)}`;
    case 'will_be_late':
      return `${promise(exception)}${order.eta.reason ? ` Reason: ${ETA_REASONS[order.eta.reason]}.` : ''}`;
  }
}

/** What to say about the order, or null when all is well. */
export function situation(order: Order, exception: LiveException | undefined, decisions?: Decisions): Situation | null {
  if (!isOpen(order.status)) {
    const when = order.ended_at ? ` at ${clockTime(order.ended_at)}` : '';
    return { tone: order.status === 'delivered' ? 'ok' : 'off', icon: undefined, text: `${orderStatus(order.status).word}${when}${order.reason ? `: ${order.reason}` : ''}. Nothing is left to do here.` };
  }
  if (!exception) return null;
  const bad = ['courier_dark', 'unassigned', 'courier_silent'].includes(exception.kind);
  const silent = exception.kind === 'courier_dark' || exception.kind === 'courier_silent';
  const call = silent && order.courier?.phone ? { name: order.courier.name, phone: order.courier.phone } : undefined;
  return { tone: bad ? 'late' : 'wait', icon: undefined, text: trouble(order, exception, decisions), call };
}
