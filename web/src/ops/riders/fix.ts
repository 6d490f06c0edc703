// When a rider on shift counts as silent: no position for more than a minute. Who is silent is asked for
// nothing, so only who is heard counts as free.

import type { Courier } from '$lib/api/types';
import { SILENT_AFTER_MS } from '$lib/silence';

/** Whether a rider who should be sending positions has stopped. */
export function isSilent(courier: Courier, now: number): boolean {
  if (courier.state === 'off') return false;
  return courier.fix_at === null || now - Date.parse(courier.fix_at) > SILENT_AFTER_MS;
}

/** Whether a rider has nothing to do and can be asked: neither barred nor silent. */
export function isFree(courier: Courier, now: number): boolean {
  return courier.state === 'free' && !courier.suspended && !courier.papers_lapsed && !isSilent(courier, now);
}

/** Those who are free, wherever they are counted or shown. In steps of ten seconds: nobody is silent to the second, and
    lists are not made anew each second. */
export function freeRiders(couriers: Courier[], now: number): Courier[] {
  const step = Math.floor(now / 10_000) * 10_000;
  return couriers.filter((courier) => isFree(courier, step));
}

/** What raises doubts about a rider's positions, in words; empty if nothing does. */
export function doubts(courier: Courier): string {
  const { implausible_fixes: jumps, mocked_fixes: mocked } = courier;
  return [jumps > 0 ? `${jumps} impossible` : '', mocked > 0 ? `${mocked} made up` : ''].filter(Boolean).join(', ');
}

/** Sorts riders for the list: silent ones, then those on shift with the most in hand, then the rest; by name within. */
export function byUrgency(now: number): (one: Courier, other: Courier) => number {
  const rank = (courier: Courier): number => {
    if (isSilent(courier, now)) return 0;
    return courier.state === 'off' ? 2 : 1;
  };
  return (one, other) => rank(one) - rank(other) || other.order_ids.length - one.order_ids.length || one.name.localeCompare(other.name);
}
