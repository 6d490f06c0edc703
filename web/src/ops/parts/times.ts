// A moment in a dense table: the clock alone while it is today's work, which on a late shift began yesterday.

import { clockTime, isoDay, shortDay } from '$lib/format';

const SHIFT_MS = 12 * 3_600_000;

/** "23:57" for today and the last twelve hours, else "17 Nov, 23:57". */
export function clockOrDate(at: string, now: number): string {
  const recent = now - Date.parse(at) < SHIFT_MS || isoDay(at) === isoDay(now);
  return recent ? clockTime(at) : `${shortDay(at)}, ${clockTime(at)}`;
}
