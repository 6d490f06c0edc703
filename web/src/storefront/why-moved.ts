// Why an arrival moved, in words.

import type { Order } from '$lib/api/types';
import { maybe } from '$lib/i18n/storefront';

/** Nothing where the reason has passed: it is of the last reckoning, and a rider may have taken the order since. */
export function whyMoved(reason: Order['eta']['reason'] | undefined, hasRider: boolean, kitchen: string): string | undefined {
  if (!reason || (reason === 'no-courier-yet' && hasRider)) return undefined;
  return maybe(`why.${reason}`, { kitchen });
}
