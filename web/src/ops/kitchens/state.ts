// What state a kitchen is in at a moment: paused beats closed, closed beats busy. An end in the past counts as over,
// so a list that has not been fetched for a minute still tells the truth.

import type { Restaurant } from '$lib/api/types';
import type { IconName } from '$lib/ui/icon-names';

export interface KitchenState {
  name: 'open' | 'busy' | 'paused' | 'closed';
  tone: 'off' | 'ok' | 'wait';
  icon: IconName;
  word: string;
  until: string | null;
}

function ahead(at: string | null, now: number): boolean {
  return at !== null && Date.parse(at) > now;
}

/** The state to show. A paused kitchen may be reported as not open; the pause is what can be ended. */
export function kitchenState(kitchen: Pick<Restaurant, 'open_now' | 'busy_until' | 'paused_until'>, now: number): KitchenState {
  if (ahead(kitchen.paused_until, now)) return { name: 'paused', tone: 'wait', icon: 'pause', word: 'Paused', until: kitchen.paused_until };
  if (!kitchen.open_now) return { name: 'closed', tone: 'off', icon: 'moon', word: 'Closed', until: null };
  if (ahead(kitchen.busy_until, now)) return { name: 'busy', tone: 'wait', icon: 'hourglass', word: 'Busy', until: kitchen.busy_until };
  return { name: 'open', tone: 'ok', icon: 'check', word: 'Open', until: null };
}
