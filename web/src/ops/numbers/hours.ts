// The hours of one day for the charts: every hour between the first and the present one is there, also the empty ones,
// because a missing bar reads as "not measured" and a zero bar as "nothing was ordered".

import type { RevenueAnalytics } from '$lib/api/types';
import { clockTime, count, hourOfDay, isoDay, rupeesShort } from '$lib/format';

export interface HourFigures {
  hour: number;
  orders: number;
  delivered: number;
  cancelled: number;
  revenue_paise: number;
  /** The hour that is still running. */
  soFar: boolean;
}

const HOUR_MS = 3_600_000;

/** Where the calendar day in India that contains `at` begins and ends. */
export function dayBounds(at: number): { from: string; to: string } {
  const start = Date.parse(`${isoDay(at)}T00:00:00+05:30`);
  return { from: new Date(start).toISOString(), to: new Date(start + 24 * HOUR_MS).toISOString() };
}

/** One entry per hour, from the first with an order (or `opens`) to the present hour, or to midnight when `over`. */
export function hoursOf(data: RevenueAnalytics, now: number, over: boolean, opens = 8): HourFigures[] {
  const byHour = new Map(data.items.map((item) => [hourOfDay(item.hour), item]));
  const present = over ? 23 : hourOfDay(now);
  const first = Math.min(opens, present, ...byHour.keys());
  const hours: HourFigures[] = [];
  for (let hour = first; hour <= present; hour += 1) {
    const item = byHour.get(hour);
    hours.push({ hour, orders: item?.orders ?? 0, delivered: item?.delivered ?? 0, cancelled: item?.cancelled ?? 0, revenue_paise: item?.revenue_paise ?? 0, soFar: !over && hour === present });
  }
  return hours;
}

/** Where an hour begins: "12". */
export function hourBegin(hour: number): string {
  return String(hour % 24).padStart(2, '0');
}

/** "12–13". */
export function hourWord(hour: number): string {
  return `${hourBegin(hour)}–${hourBegin(hour + 1)}`;
}

/** A round number above `most` for the top of an axis, and its steps. */
export function axis(most: number, steps = 4): { top: number; ticks: number[] } {
  const rough = Math.max(1, most) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
  const whole = Math.max(1, unit);
  const top = Math.ceil(Math.max(1, most) / whole) * whole;
  const ticks: number[] = [];
  for (let value = 0; value <= top; value += whole) ticks.push(value);
  return { top, ticks };
}

/** The headline, written from the figures by rule; it claims no cause. The marked part is the number that matters. */
export function story(data: RevenueAnalytics, hours: HourFigures[], over: boolean): { before: string; mark: string; after: string } {
  const { orders, delivered, cancelled, revenue_paise } = data.totals;
  const when = over ? ' yesterday' : ` by ${clockTime(data.as_of)}`;
  if (orders === 0) return { before: '', mark: 'No order', after: over ? ' came in yesterday.' : ` has come in today${when}.` };
  const peak = hours.reduce((best, hour) => (hour.orders > best.orders ? hour : best));
  const lost = cancelled === 0 ? 'none was cancelled' : `${count(cancelled)} ${cancelled === 1 ? 'was' : 'were'} cancelled`;
  const rest = `; ${hourWord(peak.hour)} was the fullest hour with ${count(peak.orders)}, and ${lost}.`;
  const all = orders === 1 ? 'One order' : `${count(orders)} orders`;
  if (delivered === 0) return { before: '', mark: all, after: `${when}, none delivered yet${rest}` };
  // Money is of what was delivered, so the sentence says how many those are.
  return { before: `${all}${when}, ${count(delivered)} delivered for `, mark: rupeesShort(Math.round(revenue_paise / 100) * 100), after: rest };
}
