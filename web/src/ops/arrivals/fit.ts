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
  const minutes = Math.abs(seconds) / 60;
  const sign = seconds > 0 ? '+' : seconds < 0 ? '−' : '';
  return `${sign}${minutes.toFixed(1)} min`;
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
  const late = total.mean_lateness_s === null ? 'None came after the promise.' : `Those after the promise came ${drift(total.mean_lateness_s).replace('+', '')} late.`;
  return { before: `Of ${orders}, `, mark: `${share(total.inside_pct)} came within the range`, after: ` that was shown, and ${share(total.on_time_pct)} by its late end. ${late}` };
}
