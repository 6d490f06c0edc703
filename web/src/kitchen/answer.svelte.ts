// The promise a kitchen is about to make for one new order: how many minutes, and what it will say on the button.
// The first proposal is the outlet's own time, longer while it is busy; the person only changes it when it is wrong.

import type { Order, RestaurantDetail } from '$lib/api/types';
import { toasts } from '$lib/ui/toasts.svelte';
import { clockTime } from '$lib/format';
import { kitchen } from './kitchen.svelte';

export const PREP = { min: 5, max: 90, step: 5 };

/** The outlet's own time in minutes, with the extra of a busy kitchen, within what may be promised. */
export function usualMinutes(place: RestaurantDetail | undefined, now: number): number {
  if (!place) return 15;
  const busy = place.busy_until !== null && Date.parse(place.busy_until) > now;
  const minutes = place.prep_minutes + (busy ? place.busy_extra_minutes : 0);
  return Math.min(PREP.max, Math.max(PREP.min, minutes));
}

/** Accepts and says what was promised to whom. */
export async function accept(order: Order, minutes: number): Promise<void> {
  if (!(await kitchen.accept(order, minutes))) return;
  const due = kitchen.orders.get(order.id)?.promised_ready_at;
  toasts.show(`${order.number} accepted${due ? `, ready at ${clockTime(due)}` : ''}. The customer knows.`);
}
