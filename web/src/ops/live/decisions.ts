// What was decided about an order, in words: who was asked or got it, what they answered, and why it was them.

import type { Decision, Decisions } from '$lib/api/types';
import { clockTime } from '$lib/format';
import type { Tone } from './words';

interface Line {
  who: string;
  what: string;
  tone: Tone;
}

const GONE = 'A former rider';

function nameOf(decision: Decision): string {
  return decision.courier?.name ?? GONE;
}

/** Whether the policy asked somebody, and not a person or the platform for another reason. */
function asked(decision: Decision): boolean {
  return decision.policy !== 'by-hand' && decision.policy !== 'silent';
}

/** Who it was about and what became of it: "Ravi", "declined 12:45". */
export function lineOf(decision: Decision): Line {
  const at = decision.answered_at ? ` ${clockTime(decision.answered_at)}` : '';
  if (decision.policy === 'silent') return { who: 'Given back to dispatch', what: 'the rider was silent for ten minutes', tone: 'wait' };
  if (decision.policy === 'by-hand') {
    const by = decision.by ? `by hand by ${decision.by}` : 'by hand';
    const why = decision.note ? `: ${decision.note}` : '';
    return decision.courier ? { who: nameOf(decision), what: `got it ${by}${why}`, tone: 'info' } : { who: 'Given back to dispatch', what: `${by}${why}`, tone: 'info' };
  }
  const who = nameOf(decision);
  switch (decision.answer) {
    case 'accepted':
      return { who, what: `took it${at}`, tone: 'ok' };
    case 'declined':
      return { who, what: `declined${at}`, tone: 'late' };
    case 'expired':
      return { who, what: `did not answer${at ? ` until${at}` : ''}`, tone: 'late' };
    case 'withdrawn':
      return { who, what: `offer withdrawn${at}`, tone: 'off' };
    case 'made':
      return { who, what: 'is looking at it', tone: 'wait' };
    case null:
      return { who, what: 'was asked', tone: 'off' };
  }
}

/** "Offered 3 times: Ravi declined 12:45, Anil did not answer until 12:46.", or that nobody was asked yet. The server tells
    the newest decisions and how many came before: of those it is not known who was asked, so nothing is claimed of them. */
export function askedText({ items, earlier }: Pick<Decisions, 'items' | 'earlier'>): string | null {
  const offers = items.filter(asked);
  if (offers.length === 0) return earlier === 0 ? 'Nobody has been asked yet.' : null;
  const counted = offers.length === 1 ? 'once' : `${offers.length} times`;
  const times = earlier === 0 ? counted : `at least ${counted}`;
  const newest = offers.slice(-3).map((one) => `${lineOf(one).who} ${lineOf(one).what}`);
  return `Offered ${times}: ${offers.length > 3 ? 'last ' : ''}${newest.join(', ')}.`;
}

const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`;

/** Why it was them: their rank for this order alone, and the figures behind it. */
export function whyText(decision: Decision): string {
  const { chosen, round } = decision;
  if (!chosen) return '';
  const figures = [`${minutes(chosen.pickup_s)} to the kitchen`];
  if (chosen.food_waits_s >= 60) figures.push(`the food waits ${minutes(chosen.food_waits_s)}`);
  if (chosen.waits_s >= 60) figures.push(`the rider waits ${minutes(chosen.waits_s)}`);
  const of = round ? ` of ${round.possible}` : '';
  const counts = decision.policy === 'rolling' ? ['where riders end up counts too'] : [];
  const others = [...(round && round.orders > 1 ? [`${round.orders} orders were decided together`] : []), ...counts].join(', and ');
  const alone = chosen.rank === null ? 'not ranked for this order alone' : `number ${chosen.rank}${of} for this order alone`;
  const place = chosen.rank === 1 ? `first${of} for this order` : [alone, others].filter(Boolean).join(': ');
  const bundle = decision.order_ids.length > 1 ? `, one of ${decision.order_ids.length} orders in one offer` : '';
  const joins = decision.joins.length === 0 ? '' : `, beside ${decision.joins.length === 1 ? 'an order' : `${decision.joins.length} orders`} that they fetch there anyway`;
  return `${figures.join(', ')}; ${place}${bundle}${joins}.`;
}
