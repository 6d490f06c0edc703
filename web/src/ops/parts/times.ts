// A moment in a dense table: the clock alone while it is today's work, which on a late shift began yesterday.

import { clockTime, isoDay, shortDay } from '$lib/format';

const SHIFT_MS = 12 * 3_600_000;

/** "23:57" for today and the last twelve hours, else "17 Nov, 23:57". */
export function clockOrDate(at: string, now: number): string {
  const recent = now - Date.parse(at) < SHIFT_MS || isoDay(at) === isoDay(now);
  return recent ? clockTime(at) : `${shortDay(at)}, ${clockTime(at)}`;
}

const withSeconds = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Clock time to the second, for a log: "12:47:52". */
export function clockSeconds(at: string): string {
  return withSeconds.format(new Date(at));
}
