// Busy, paused, back to normal: the three requests of an outlet, each with an end. They answer with an empty text
// when it worked and with the problem in words when it did not.

import { api } from '$lib/api/client';
import type { RestaurantDetail } from '$lib/api/types';
import { clock } from '$lib/clock';
import { clockTime } from '$lib/format';
import { problemText } from '$lib/problem-text';
import { toasts } from '$lib/ui/toasts.svelte';
import { kitchen } from './kitchen.svelte';

async function tell(place: RestaurantDetail, path: string, body: unknown, done: string): Promise<string> {
  try {
    const next = await api.post<RestaurantDetail>(`/restaurants/${place.id}/${path}`, body);
    kitchen.setPlace({ ...place, ...next });
    toasts.show(done);
    return '';
  } catch (error) {
    return problemText(error);
  }
}

const minutesUntil = (end: number): number => Math.max(1, Math.round((end - clock.now()) / 60_000));

/** Every new promise gets `extra` minutes more until `end`. */
export function takeLonger(place: RestaurantDetail, extra: number, end: number): Promise<string> {
  return tell(place, 'busy', { extra_minutes: extra, minutes: minutesUntil(end) }, `Busy until ${clockTime(end)}, ${extra} min more on new orders.`);
}

/** No new orders until `end`. */
export function pause(place: RestaurantDetail, end: number): Promise<string> {
  return tell(place, 'pause', { minutes: minutesUntil(end) }, `No new orders until ${clockTime(end)}.`);
}

/** Ends busy and pause at once. */
export function resume(place: RestaurantDetail): Promise<string> {
  return tell(place, 'resume', {}, 'Back to normal. New orders come in again.');
}
