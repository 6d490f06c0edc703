// The four tiers of the tracking tin from an order: which is done, which is now and how full, and what each says.
// Times with "~" are estimates; times without have happened.

import type { Order } from '$lib/api/types';
import { clockRange, clockTime, duration } from '$lib/format';
import { t, tn } from '$lib/i18n/storefront';
import type { Tier } from '$lib/ui/tier';
import { doorsAhead } from './doors-ahead';
import { share } from './order-times';

const STEPS = ['placed', 'accepted', 'preparing', 'ready', 'picked_up', 'delivered'] as const;

function reached(order: Order, step: (typeof STEPS)[number]): boolean {
  return STEPS.indexOf(order.status as (typeof STEPS)[number]) >= STEPS.indexOf(step);
}

function answer(order: Order, now: number): Tier {
  const kitchen = order.restaurant.name;
  if (order.accepted_at) {
    const said = order.prep_minutes ? t('tier.said', { kitchen, time: duration(order.prep_minutes * 60) }) : undefined;
    return { id: 'answer', state: 'done', title: t('tier.accepted'), detail: said, time: clockTime(order.accepted_at) };
  }
  const until = order.accept_by;
  const detail = t('tier.answer-by', { kitchen, time: clockTime(until) });
  const fill = share(Date.parse(order.placed_at), Date.parse(until), now);
  return { id: 'answer', state: 'now', title: t('tier.waiting'), detail, fill };
}

function cooking(order: Order, now: number): Tier {
  if (reached(order, 'ready')) {
    return { id: 'cooking', state: 'done', title: t('tier.cooked'), time: order.ready_at ? clockTime(order.ready_at) : undefined };
  }
  if (!order.accepted_at) return { id: 'cooking', state: 'todo', title: t('tier.cooking') };
  const first = Date.parse(order.accepted_at) + (order.prep_minutes ?? 15) * 60_000;
  const said = order.promised_ready_at ? Date.parse(order.promised_ready_at) : null;
  const due = Math.min(said ?? first, Date.parse(order.eta.low));
  return {
    id: 'cooking',
    state: 'now',
    title: order.status === 'accepted' ? t('tier.next') : t('tier.cooking-now'),
    detail: said !== null && said < Date.parse(order.eta.low) ? readyAt(said, first) : undefined,
    fill: share(Date.parse(order.accepted_at), due, now),
  };
}

/** The kitchen's word. It is left out where the arrival is reckoned before it: kitchens that are ready sooner than they say
    are known, and nothing is at the door before it is cooked. */
function readyAt(said: number, first: number): string {
  const late = said - first > 90_000;
  return [t('tier.ready', { time: clockTime(said) }), late ? t('tier.was', { time: clockTime(first) }) : ''].filter(Boolean).join(', ');
}

function pickup(order: Order): Tier {
  const rider = order.courier?.name.split(' ')[0] ?? '';
  if (reached(order, 'picked_up')) {
    return { id: 'pickup', state: 'done', title: t('tier.picked-up'), detail: rider, time: order.picked_up_at ? clockTime(order.picked_up_at) : undefined };
  }
  const waiting = order.courier?.arrived_at_restaurant_at;
  const detail = !order.courier ? t('tier.finding') : waiting ? t('tier.at-counter', { rider }) : t('tier.coming', { rider });
  return { id: 'pickup', state: order.status === 'ready' ? 'now' : 'todo', title: order.status === 'ready' ? t('tier.handing') : t('tier.picked-up'), detail: order.accepted_at ? detail : undefined, fill: 40 };
}

function door(order: Order, now: number): Tier {
  if (order.status === 'delivered') {
    return { id: 'door', state: 'done', title: t('tier.at-door'), time: order.delivered_at ? clockTime(order.delivered_at) : undefined };
  }
  const onTheWay = order.status === 'picked_up' && order.picked_up_at;
  const ahead = doorsAhead(order);
  const coming = ahead ? tn('tier.stops-before', ahead) : t('tier.on-the-way');
  return {
    id: 'door',
    state: onTheWay ? 'now' : 'todo',
    title: onTheWay ? coming : t('tier.at-door'),
    detail: order.address.instruction ?? order.address.landmark ?? undefined,
    time: clockRange(order.eta.low, order.eta.high),
    fill: onTheWay ? share(Date.parse(order.picked_up_at ?? ''), Date.parse(order.eta.high), now) : 0,
  };
}

/** The tin of an order. */
export function trackTiers(order: Order, now: number): Tier[] {
  return [answer(order, now), cooking(order, now), pickup(order), door(order, now)];
}
