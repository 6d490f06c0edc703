// The line of a hit ratio over the last hour, as the `d` of an SVG path. A minute in which nobody asked has no ratio:
// the line stops there instead of pretending one.

import type { CacheMinute } from '$lib/api/types';

/** Minutes that a trend spans. */
export const SPAN = 60;

/** Where a minute stands from left to right. */
export function across(minutesAgo: number, width: number): number {
  return (width * (SPAN - 1 - Math.min(SPAN - 1, Math.max(0, minutesAgo)))) / (SPAN - 1);
}

/** The lower end of the scale: half, unless something lies below it. */
export function floorOf(trend: CacheMinute[]): number {
  return trend.some((minute) => minute.hit_ratio !== null && minute.hit_ratio < 0.5) ? 0 : 0.5;
}

/** How far from the top a ratio lies. */
export function down(ratio: number, floor: number, height: number): number {
  return (height * (1 - ratio)) / (1 - floor);
}

/** The path. A minute alone between two silent ones is a dot. */
export function trendPath(trend: CacheMinute[], width: number, height: number, floor: number): string {
  const parts: string[] = [];
  let last: number | null = null;
  for (const minute of trend.toSorted((one, other) => other.minutes_ago - one.minutes_ago)) {
    if (minute.hit_ratio === null) continue;
    const point = `${across(minute.minutes_ago, width).toFixed(1)} ${down(minute.hit_ratio, floor, height).toFixed(1)}`;
    parts.push(last !== null && last - minute.minutes_ago === 1 ? `L${point}` : `M${point}h0.01`);
    last = minute.minutes_ago;
  }
  return parts.join('');
}
