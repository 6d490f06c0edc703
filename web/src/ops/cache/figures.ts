// What the cache page reckons from the server's figures: ratios over a span of minutes, which namespaces matter, and what a
// clear costs. Nothing is made up: where a figure was never measured, it is null and said so.

import type { CacheFigures, CacheMinute, CacheNamespace, CacheReport, Invalidation } from '$lib/api/types';

export interface Asked {
  hits: number;
  misses: number;
  /** 0 to 1; null where nobody asked. */
  ratio: number | null;
}

/** Hits and misses of the last `minutes`, of one namespace or several. */
export function askedLately(items: Pick<CacheFigures, 'trend'>[], minutes = 60): Asked {
  const recent = items.flatMap((one) => one.trend).filter((minute) => minute.minutes_ago < minutes);
  const hits = recent.reduce((sum, minute) => sum + minute.hits, 0);
  const misses = recent.reduce((sum, minute) => sum + minute.misses, 0);
  return { hits, misses, ratio: hits + misses === 0 ? null : hits / (hits + misses) };
}

/** How often a minute something was asked for, over the minutes that are known. */
export function perMinute(items: Pick<CacheFigures, 'trend'>[]): number {
  const known = Math.max(1, ...items.map((one) => one.trend.length));
  const { hits, misses } = askedLately(items);
  return (hits + misses) / known;
}

/** Whether there is anything to see: it holds something, was asked, or is switched off. */
export function inUse(one: Pick<CacheFigures, 'entries' | 'hits' | 'misses' | 'bypassed' | 'loads' | 'policy'>): boolean {
  return one.entries + one.hits + one.misses + one.bypassed + one.loads > 0 || !one.policy.enabled;
}

/** Namespaces with those of their family beside them, otherwise in the server's order, which never moves. */
export function byFamily<T extends { namespace: CacheNamespace; family: CacheNamespace }>(items: T[]): T[] {
  const place = new Map(items.map((one, index) => [one.namespace, index]));
  const rank = (one: T): number => (place.get(one.family) ?? 0) * items.length + (place.get(one.namespace) ?? 0);
  return items.toSorted((one, other) => rank(one) - rank(other));
}

/** These names clear their whole family, because the server's endpoint of the name does. */
const WHOLE_FAMILY: CacheNamespace[] = ['restaurants', 'orders', 'analytics'];

/** Everything that goes when `namespace` is cleared, itself first. */
export function clearedWith<T extends { namespace: CacheNamespace; family: CacheNamespace }>(namespace: CacheNamespace, items: T[]): T[] {
  const own = items.filter((one) => one.namespace === namespace);
  if (!WHOLE_FAMILY.includes(namespace)) return own;
  return [...own, ...items.filter((one) => one.family === namespace && one.namespace !== namespace)];
}

export interface ClearCost {
  /** Answers that this node holds, each a load if it is asked for again. */
  loads: number;
  /** Seconds of loading, each namespace at its own median; null where a median is not known. */
  seconds: number | null;
  slowestMs: number | null;
  perMinute: number;
}

/** What clearing these namespaces costs, from what their loads took so far. */
export function costOf(items: CacheFigures[]): ClearCost {
  const held = items.filter((one) => one.entries > 0);
  const timed = held.every((one) => one.load_p50_ms !== null);
  const slowest = held.map((one) => one.load_p99_ms).filter((value) => value !== null);
  return {
    loads: held.reduce((sum, one) => sum + one.entries, 0),
    seconds: timed ? held.reduce((sum, one) => sum + (one.entries * (one.load_p50_ms ?? 0)) / 1000, 0) : null,
    slowestMs: slowest.length > 0 ? Math.max(...slowest) : null,
    perMinute: perMinute(items),
  };
}

/** The minute in which the fewest were answered without a load; undefined while nobody asked. */
export function lowest(trend: CacheMinute[]): CacheMinute | undefined {
  const asked = trend.filter((minute) => minute.hit_ratio !== null);
  return asked.reduce<CacheMinute | undefined>((worst, minute) => (worst === undefined || (minute.hit_ratio ?? 1) < (worst.hit_ratio ?? 1) ? minute : worst), undefined);
}

/** What one clearing took from each namespace. The server tells of every reach by itself: a namespace may be put at one key
    and forgotten at another, and is one thing to whoever reads. */
export function partsOf(one: Pick<Invalidation, 'parts'>): { namespace: CacheNamespace; removed: number }[] {
  const removed = new Map<CacheNamespace, number>();
  for (const part of one.parts) removed.set(part.namespace, (removed.get(part.namespace) ?? 0) + part.removed);
  return [...removed].map(([namespace, count]) => ({ namespace, removed: count }));
}

/** What to show before anybody has chosen: what a recommendation is about, else what is asked for most. */
export function worthLooking({ items, report }: { items: CacheFigures[]; report: Pick<CacheReport, 'recommendations'> }): CacheNamespace | undefined {
  const advised = report.recommendations.find((one) => one.namespace !== null)?.namespace;
  const asked = (one: CacheFigures): number => one.hits + one.misses;
  return advised ?? items.reduce<CacheFigures | undefined>((most, one) => (asked(one) > (most ? asked(most) : 0) ? one : most), undefined)?.namespace;
}
