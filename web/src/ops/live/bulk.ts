// What became of several orders that were moved at once.

import type { Reassigned } from '$lib/api/types';

/** How many moved, and the others by number with the reason. */
export function bulkOutcome(items: readonly Reassigned[], numbers: ReadonlyMap<string, string>): { moved: number; stayed: string[] } {
  const stayed = items.flatMap((one) => (one.problem ? [`${numbers.get(one.order_id) ?? 'an order'}: ${one.problem.title.replace(/\.$/, '').toLowerCase()}`] : []));
  return { moved: items.length - stayed.length, stayed };
}
