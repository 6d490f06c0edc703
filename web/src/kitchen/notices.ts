// Why an order left the board without the kitchen doing it, in words that say what to do now.

import type { Actor, Order, OrderStatus } from '$lib/api/types';
import { clockTime, rupeesShort } from '$lib/format';

/** A message that stays until it is taken away. */
export interface Notice {
  id: string;
  tone: 'late' | 'wait' | 'info';
  number: string;
  zone: string;
  title: string;
  text: string;
}

const WHO: Record<Actor, string> = { customer: 'the customer', staff: 'dispatch', system: 'Dabba', courier: 'the rider', restaurant: 'the kitchen' };

const refund = (order: Order): string =>
  order.payment.method === 'cod' ? 'Nothing was paid yet.' : `${rupeesShort(order.total_paise)} goes back to the customer.`;

/** The notice for an order that ended while it stood on the board as `before`; null when the kitchen ended it itself. */
export function noticeFor(order: Order, before: OrderStatus): Notice | null {
  const last = order.timeline.at(-1);
  const at = clockTime(order.ended_at ?? last?.at ?? order.placed_at);
  const who = WHO[last?.actor ?? 'system'];
  const base = { id: `${order.id}/${order.status}`, number: order.number, zone: order.zone_letter };
  if (order.status === 'rejected' && last?.actor !== 'restaurant') {
    const why = order.reason === 'no-answer' || last?.actor === 'system' ? 'Nobody answered in time' : `Refused by ${who}`;
    return { ...base, tone: 'late', title: `${order.number} was missed`, text: `${why}; refused at ${at}. ${refund(order)}` };
  }
  if (order.status === 'cancelled') {
    const cooking = before !== 'placed';
    const title = cooking ? `Stop cooking ${order.number}` : `${order.number} was called off`;
    return { ...base, tone: cooking ? 'late' : 'info', title, text: `Cancelled by ${who} at ${at}${order.reason ? `: ${order.reason}` : ''}.` };
  }
  if (order.status === 'failed' && before !== 'picked_up') {
    return { ...base, tone: 'late', title: `${order.number} was ended`, text: `Ended by ${who} at ${at}${order.reason ? `: ${order.reason}` : ''}.` };
  }
  return null;
}
