// When a rider on shift counts as silent: no position for longer than two minutes.

import type { Courier } from '$lib/api/types';

export const SILENT_AFTER_MS = 120_000;

/** Whether a rider who should be sending positions has stopped. */
export function isSilent(courier: Courier, now: number): boolean {
  if (courier.state === 'off') return false;
  return courier.fix_at === null || now - Date.parse(courier.fix_at) > SILENT_AFTER_MS;
}
