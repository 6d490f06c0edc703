// How well arrivals fit what was said: the sentence, and what counts as right.

import type { EtaCalibration, Fit } from '$lib/api/types';
import { count } from '$lib/format';

export type Span = 'day' | 'week' | 'month';

const DAYS: Record<Span, number> = { day: 1, week: 7, month: 30 };

/** The last days until now, as the server is asked. */
export function spanUntil(now: number, span: Span): { from: string; to: string } {
  return { from: new Date(now - DAYS[span] * 86_400_000).toISOString(), to: new Date(now).toISOString() };
}

/** "82 %", or a dash while nothing was delivered. */
export function share(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} %`;
}

/** "+3.2 min", "−0.5 min", or a dash. */
export function drift(seconds: number | null): string {
  if (seconds === null) return '–';
  const tenths = Math.round(seconds / 6);
  const sign = tenths > 0 ? '+' : tenths < 0 ? '−' : '';
  return `${sign}${(Math.abs(tenths) / 10).toFixed(1)} min`;
}

/** Fewer deliveries than this carry no verdict: a town that has just opened is all first hours and few kitchens. */
const ENOUGH = 200;

/** Whether it is too early to judge. */
export function isEarly(total: Pick<Fit, 'orders'>): boolean {
  return total.orders < ENOUGH;
}

/** Whether a share is so far from what it should be that somebody should look, with enough orders to say so. */
export function isOff(value: number | null, wanted: number, orders: number): boolean {
  if (value === null || orders < 20) return false;
  // Three standard errors of a share, in per cent, and never less than five points.
  const noise = 300 * Math.sqrt((wanted / 100) * (1 - wanted / 100)) / Math.sqrt(orders);
  return Math.abs(value - wanted) > Math.max(5, noise);
}

/** The page's first sentence. */
export function story(data: EtaCalibration): { before: string; mark: string; after: string } {
  const total: Fit = data.total;
  if (total.orders === 0) return { before: '', mark: 'Nothing was delivered', after: ' in this time.' };
  const orders = total.orders === 1 ? 'one delivery' : `${count(total.orders)} deliveries`;
  if (isEarly(total)) {
    const after = `: of ${orders}, ${share(total.inside_pct)} came within the range that was shown, and ${share(total.on_time_pct)} by its late end. From ${ENOUGH} on this page says what is off.`;
    return { before: '', mark: 'It is too early to judge', after };
  }
  const late = total.mean_lateness_s === null ? 'None came after the promise.' : `Those after the promise came ${drift(total.mean_lateness_s).replace('+', '')} late.`;
  return { before: `Of ${orders}, `, mark: `${share(total.inside_pct)} came within the range`, after: ` that was shown, and ${share(total.on_time_pct)} by its late end. ${late}` };
}
