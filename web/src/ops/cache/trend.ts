// The line of a hit ratio over the last hour, as the `d` of SVG paths. A minute in which nobody asked has no ratio:
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

/** The line through minutes that follow each other, and dots for those that stand alone between silent ones. */
export function trendPaths(trend: CacheMinute[], width: number, height: number, floor: number): { line: string; dots: string } {
  const runs: string[][] = [];
  let last: number | null = null;
  for (const minute of trend.toSorted((one, other) => other.minutes_ago - one.minutes_ago)) {
    if (minute.hit_ratio === null) continue;
    const point = `${across(minute.minutes_ago, width).toFixed(1)} ${down(minute.hit_ratio, floor, height).toFixed(1)}`;
    if (last !== null && last - minute.minutes_ago === 1) runs.at(-1)?.push(point);
    else runs.push([point]);
    last = minute.minutes_ago;
  }
  return {
    line: runs.filter((run) => run.length > 1).map((run) => `M${run.join('L')}`).join(''),
    dots: runs.filter((run) => run.length === 1).map((run) => `M${run[0]}h0.01`).join(''),
  };
}
