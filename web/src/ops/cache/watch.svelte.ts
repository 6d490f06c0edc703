// The cache as this page sees it, asked for anew every five seconds and every second while something is being warmed.
// Nobody is asked while the page is hidden; when it is seen again, at once.

import { api } from '$lib/api/client';
import type { CacheClear, CacheFigures, CacheHealth, CacheMemory, CacheNamespace, CachePolicy, CacheReport, CacheStats, Page, WarmingJob } from '$lib/api/types';
import { Resource } from '$lib/load.svelte';
import { byFamily } from './figures';

const CALM_MS = 5_000;
const WARMING_MS = 1_000;
const PATIENCE_MS = 8_000;
const CLEARS = 50;

export interface CacheView {
  items: CacheFigures[];
  stats: CacheStats;
  health: CacheHealth;
  memory: CacheMemory;
  report: CacheReport;
  clears: CacheClear[];
  policies: CachePolicy[];
  jobs: WarmingJob[];
}

/** One look. An answer that does not come is given up, so that the page never waits for it and stays old. */
async function look(): Promise<CacheView> {
  const limits = { signal: AbortSignal.timeout(PATIENCE_MS) };
  const [stats, health, memory, report, clears, policies, jobs] = await Promise.all([
    api.get<CacheStats>('/cache/stats/detailed', {}, limits),
    api.get<CacheHealth>('/cache/health/detailed', {}, limits),
    api.get<CacheMemory>('/cache/memory-usage', {}, limits),
    api.get<CacheReport>('/cache/performance-report', {}, limits),
    api.get<Page<CacheClear>>('/cache/clears', { limit: CLEARS }, limits),
    api.get<Page<CachePolicy>>('/cache/namespaces', {}, limits),
    api.get<Page<WarmingJob>>('/cache/warm/jobs', {}, limits),
  ]);
  return { items: byFamily(stats.items), stats, health, memory, report, clears: clears.items, policies: policies.items, jobs: jobs.items };
}

/** The newest job of a namespace. */
export function jobOf(jobs: WarmingJob[], namespace: CacheNamespace): WarmingJob | undefined {
  return jobs.find((job) => job.namespaces.includes(namespace));
}

/** What is said of a namespace besides its figures: who changed its rules, whether it can be warmed. */
export function policyOf(policies: CachePolicy[], namespace: CacheNamespace): CachePolicy | undefined {
  return policies.find((one) => one.namespace === namespace);
}

export class CacheWatch {
  resource = new Resource<CacheView>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #following = false;

  get view(): CacheView | undefined {
    return this.resource.data;
  }

  /** Looks at once, and again and again until the returned function is called. */
  follow = (): (() => void) => {
    const seen = (): void => void (document.visibilityState === 'visible' && this.now());
    this.#following = true;
    document.addEventListener('visibilitychange', seen);
    void this.now();
    return () => {
      this.#following = false;
      clearTimeout(this.#timer);
      document.removeEventListener('visibilitychange', seen);
    };
  };

  /** Looks now, and from then on at the calm rate. */
  now = async (): Promise<void> => {
    clearTimeout(this.#timer);
    await this.resource.load(look);
    if (!this.#following) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), this.#warming() ? WARMING_MS : CALM_MS);
  };

  /** A hidden page only waits: being seen again starts the next look. */
  #again(): void {
    if (document.visibilityState === 'visible') void this.now();
  }

  #warming(): boolean {
    return this.view?.jobs.some((job) => job.ended_at === null) ?? false;
  }
}
