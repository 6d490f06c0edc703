import { describe, expect, it } from 'vitest';
import type { CacheFigures, CacheMinute, CacheReport } from '../../../src/lib/api/types';
import { askedLately, byFamily, clearedWith, costOf, inUse, lowest, partsOf, perMinute, worthLooking } from '../../../src/ops/cache/figures';
import { across, down, floorOf, trendPaths } from '../../../src/ops/cache/trend';
import { bodyText, figuresText, jobResult, keyWord, msWord, purposeWord, shareWord, sizeWord, spanWord, whyWord, workWord } from '../../../src/ops/cache/words';
import { pagesFor } from '../../../src/ops/pages';

const minute = (minutes_ago: number, hits: number, misses: number): CacheMinute => ({ minutes_ago, hits, misses, evictions: 0, hit_ratio: hits + misses === 0 ? null : hits / (hits + misses) });

function figures(namespace: CacheFigures['namespace'], changes: Partial<CacheFigures> = {}): CacheFigures {
  const policy = { ttl_s: 60, stale_while_revalidate_s: 60, stale_if_error_s: 60, negative_ttl_s: 5, jitter_pct: 10, shadow_pct: 0, enabled: true };
  return {
    namespace, family: namespace, sharing: 'public', policy, entries: 0, bytes: 0, hits: 0, misses: 0, hit_ratio: null, hit_ratio_last_hour: null, evictions: 0, loads: 0, load_p50_ms: null, load_p99_ms: null,
    stale_served: 0, memory_hits: 0, redis_hits: 0, bypassed: 0, load_failures: 0, late_loads: 0, invalidations: 0, warmed: 0, written: 0, hit_p50_ms: null, hit_p99_ms: null,
    shadow_checks: 0, shadow_stale: 0, shadow_stale_age_p99_ms: null, trend: [], ...changes,
  };
}

describe('figures of the cache', () => {
  const busy = figures('menu_items', { trend: [minute(9, 10, 10), minute(1, 30, 0), minute(0, 50, 0)] });

  it('have no ratio where nobody asked', () => {
    expect(askedLately([figures('static')]).ratio).toBeNull();
    expect(askedLately([busy], 5)).toEqual({ hits: 80, misses: 0, ratio: 1 });
    expect(askedLately([busy, figures('static', { trend: [minute(0, 0, 100)] })]).ratio).toBe(90 / 200);
  });

  it('count how often a minute something is asked for, over the minutes that are known', () => {
    expect(perMinute([figures('static', { trend: [minute(1, 3, 1), minute(0, 4, 0)] })])).toBe(4);
    expect(perMinute([])).toBe(0);
  });

  it('are worth a row once there is something to see', () => {
    expect(inUse(figures('static'))).toBe(false);
    expect(inUse(figures('static', { loads: 1 }))).toBe(true);
    expect(inUse(figures('static', { policy: { ...figures('static').policy, enabled: false } }))).toBe(true);
  });

  it('find the worst minute', () => {
    expect(lowest(busy.trend)?.minutes_ago).toBe(9);
    expect(lowest([minute(0, 0, 0)])).toBeUndefined();
  });
});

describe('what was cleared', () => {
  it('names each namespace once, however many of its keys were reached in different ways', () => {
    const part = { keys: 1, removed_redis: null };
    const parts = [
      { ...part, namespace: 'menu_items' as const, reach: 'put' as const, removed: 1 },
      { ...part, namespace: 'restaurants' as const, reach: 'all' as const, removed: 0 },
      { ...part, namespace: 'menu_items' as const, reach: 'key' as const, removed: 2 },
    ];
    expect(partsOf({ parts })).toEqual([{ namespace: 'menu_items', removed: 3 }, { namespace: 'restaurants', removed: 0 }]);
    expect(partsOf({ parts: [] })).toEqual([]);
  });
});

describe('clearing', () => {
  const all = [
    figures('analytics'), figures('restaurants', { entries: 4, load_p50_ms: 500, load_p99_ms: 900 }), figures('menu_items', { entries: 9 }),
    figures('restaurant_capacity', { family: 'restaurants', entries: 2, load_p50_ms: 250, load_p99_ms: 1000 }),
  ];

  it('keeps families together in the order of the server', () => {
    expect(byFamily(all).map((one) => one.namespace)).toEqual(['analytics', 'restaurants', 'restaurant_capacity', 'menu_items']);
  });

  it('takes the family along where the name of the family is cleared, and only there', () => {
    expect(clearedWith('restaurants', all).map((one) => one.namespace)).toEqual(['restaurants', 'restaurant_capacity']);
    expect(clearedWith('restaurant_capacity', all).map((one) => one.namespace)).toEqual(['restaurant_capacity']);
  });

  it('costs what the loads took so far, and says so where none was measured', () => {
    expect(costOf(clearedWith('restaurants', all))).toEqual({ loads: 6, seconds: 2.5, slowestMs: 1000, perMinute: 0 });
    expect(costOf(clearedWith('menu_items', all))).toEqual({ loads: 9, seconds: null, slowestMs: null, perMinute: 0 });
  });
});

describe('the trend', () => {
  it('runs from left to right and from the top down', () => {
    expect([across(59, 118), across(0, 118), across(90, 118)]).toEqual([0, 118, 0]);
    expect([down(1, 0.5, 100), down(0.75, 0.5, 100)]).toEqual([0, 50]);
  });

  it('stops where nobody asked, and shows a lone minute as a dot', () => {
    const paths = trendPaths([minute(5, 1, 0), minute(4, 1, 0), minute(3, 0, 0), minute(2, 1, 1), minute(1, 0, 0)], 59, 10, 0.5);
    expect(paths).toEqual({ line: 'M54.0 0.0L55.0 0.0', dots: 'M57.0 10.0h0.01' });
  });

  it('reaches down to nothing only when it has to', () => {
    expect(floorOf([minute(0, 1, 1)])).toBe(0.5);
    expect(floorOf([minute(0, 1, 2)])).toBe(0);
  });
});

describe('words of the cache', () => {
  it('never round up to perfection', () => {
    expect([shareWord(0.9999), shareWord(1), shareWord(0.713), shareWord(null)]).toEqual(['99.9 %', '100.0 %', '71.3 %', '–']);
  });

  it('give figures the digits they deserve', () => {
    expect([msWord(0.0012), msWord(0.12), msWord(4.12), msWord(410.4), msWord(null)]).toEqual(['1.2 µs', '0.12 ms', '4.1 ms', '410 ms', '–']);
    expect([spanWord(0.0003, 0.0021), spanWord(0.04, 14.2), spanWord(1, null)]).toEqual(['0.3 / 2.1 µs', '0.04 / 14 ms', '–']);
    expect([sizeWord(812), sizeWord(12_100), sizeWord(41_830_000)]).toEqual(['812 B', '12.1 KB', '41.8 MB']);
    expect([workWord(0.839), workWord(12.44)]).toEqual(['839 ms', '12.4 s']);
  });

  it('show what a recommendation rests on, the deciding figure with its bound', () => {
    const advice = { bound: 0.8, figures: [{ name: 'hit_ratio', value: 0.5 }, { name: 'requests', value: 1200 }, { name: 'ttl_s', value: 300 }] };
    expect(figuresText(advice)).toBe('hit ratio 50.0 % (bound 80.0 %) · requests 1,200 · time to live 5 min');
    expect(figuresText({ bound: 1, figures: [{ name: 'bus_connected', value: 0 }] })).toBe('messages heard no (bound yes)');
  });

  it('tell a running job from an ended one, and what it came to', () => {
    expect(purposeWord({ purpose: 'operator', ended_at: null })).toBe('Warming by hand');
    expect(purposeWord({ purpose: 'operator', ended_at: '2026-11-20T07:18:00Z' })).toBe('Warmed by hand');
    expect(jobResult({ total: 40, loaded: 3, fresh: 36, failed: 1 })).toBe('3 loaded, 36 fresh already, 1 not possible');
    expect(jobResult({ total: 0, loaded: 0, fresh: 0, failed: 0 })).toContain('nothing to load');
  });

  it('say who or what cleared', () => {
    expect(whyWord({ why: 'an order was placed', by: null })).toBe('An order was placed');
    expect(whyWord({ why: 'price import', by: 'Divya N' })).toBe('By hand');
  });

  it('shorten the keyed hash of a person, and nothing else', () => {
    expect(keyWord('~IiSZO2abcdefghijklmno_:me')).toEqual({ hashed: true, text: 'IiSZO2…:me' });
    expect(keyWord('city=bengaluru')).toEqual({ hashed: false, text: 'city=bengaluru' });
  });

  it('shows JSON in lines, and what is cut or no JSON as it is', () => {
    expect(bodyText('{"a":[1]}', false)).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(bodyText('{"a":[1', true)).toBe('{"a":[1…');
    expect(bodyText('plain', false)).toBe('plain');
  });
});

describe('before anybody has chosen', () => {
  const items = [figures('static'), figures('menu_items', { hits: 9 }), figures('reviews', { hits: 2 })];
  const report = (namespace: CacheFigures['namespace'] | null): CacheReport => ({ recommendations: [{ namespace }] }) as unknown as CacheReport;

  it('shows what is advised upon, else the busiest', () => {
    expect(worthLooking({ items, report: report('reviews') })).toBe('reviews');
    expect(worthLooking({ items, report: report(null) })).toBe('menu_items');
    expect(worthLooking({ items: [], report: report(null) })).toBeUndefined();
  });
});

describe('pages', () => {
  it('are offered to those who may see them', () => {
    expect(pagesFor('admin').map((page) => page.name)).toContain('cache');
    expect(pagesFor('dispatcher').map((page) => page.name)).not.toContain('cache');
    expect(pagesFor(undefined).length).toBe(pagesFor('dispatcher').length);
  });
});
