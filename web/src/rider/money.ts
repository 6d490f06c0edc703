// A day of earnings as rows that add up exactly to the total the server gave, whichever way it counts the tip.

import type { Earnings } from '$lib/api/types';
import { hourOfDay } from '$lib/format';

export interface DaySums {
  jobs_paise: number;
  tips_paise: number;
  /** What the rows do not explain; 0 unless the server pays something that has no line. */
  rest_paise: number;
}

/** Jobs, tips and the rest of a day. */
export function daySums(day: Earnings): DaySums {
  const pay = day.lines.reduce((sum, line) => sum + line.pay_paise, 0);
  const tips_paise = day.lines.reduce((sum, line) => sum + line.tip_paise, 0);
  const tipInside = pay === day.total_paise && tips_paise > 0;
  const jobs_paise = tipInside ? pay - tips_paise : pay;
  return { jobs_paise, tips_paise, rest_paise: day.total_paise - jobs_paise - tips_paise };
}

export interface HourBar {
  hour: number;
  paise: number;
}

/** Earned per hour of the day from the first to the last job, at most eight bars. */
export function hourBars(day: Earnings): HourBar[] {
  const sums = new Map<number, number>();
  for (const line of day.lines) {
    const hour = hourOfDay(line.at);
    sums.set(hour, (sums.get(hour) ?? 0) + line.pay_paise + line.tip_paise);
  }
  const hours = [...sums.keys()].sort((a, b) => a - b);
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined || last === first) return [];
  const bars: HourBar[] = [];
  for (let hour = Math.max(first, last - 7); hour <= last; hour += 1) bars.push({ hour, paise: sums.get(hour) ?? 0 });
  return bars;
}
