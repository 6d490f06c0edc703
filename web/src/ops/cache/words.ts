// The cache in words: sizes, shares, milliseconds, rules and figures of recommendations, what a warming job is for.

import type { CacheAdvice, Invalidation, WarmingJob } from '$lib/api/types';
import { count, duration } from '$lib/format';

/** "96.2 %", never rounded up to a perfection that is not there; a dash while nobody asked. */
export function shareWord(share: number | null): string {
  return share === null ? '–' : `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

/** "41.8 MB", in units of 1,000. */
export function sizeWord(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${count(Math.round(bytes / 100_000) / 10)} MB`;
}

/** Milliseconds with as many digits as they deserve: "0.02", "4.1", "38", "1,400". */
function msDigits(ms: number): string {
  if (ms < 0.995) return ms.toFixed(2);
  return ms < 9.95 ? ms.toFixed(1) : count(Math.round(ms));
}

/** Times as they are said together, in microseconds where the longest of them is hardly anything in milliseconds. */
function times(all: number[]): string {
  if (Math.max(...all) < 0.0995) return `${all.map((ms) => (ms * 1000).toFixed(1)).join(' / ')} µs`;
  return `${all.map(msDigits).join(' / ')} ms`;
}

/** "0.9 ms", "1.2 µs"; a dash where nothing was measured. */
export function msWord(ms: number | null): string {
  return ms === null ? '–' : times([ms]);
}

/** Median and 99th percentile in one cell: "0.9 / 14 ms". */
export function spanWord(p50: number | null, p99: number | null): string {
  return p50 === null || p99 === null ? '–' : times([p50, p99]);
}

/** Why there is nothing to press for warming. */
export const NOT_WARMABLE = 'Answers of this namespace cannot be loaded before they are asked for';

const RULES: Record<string, string> = {
  'low-hit-ratio': 'Few hits',
  'slow-loads': 'Slow loads',
  'many-stale': 'Many stale answers',
  'overtaken-loads': 'Loads overtaken by changes',
  'failing-loads': 'Loads fail',
  'evicted-early': 'Not enough room',
  'measured-stale': 'Out of date when compared',
  'switched-off': 'Switched off',
  'redis-away': 'Redis is away',
  'memory-full': 'Memory is filling up',
};

const plain = (code: string): string => code.replaceAll(/[-_]/g, ' ').replace(/^./, (first) => first.toUpperCase());

/** The rule of a recommendation as a short title. */
export function ruleWord(rule: string): string {
  return RULES[rule] ?? plain(rule);
}

/** A figure's value by the unit in its name. */
export function figureValue(name: string, value: number): string {
  if (name === 'answering' || name === 'bus_connected') return value > 0 ? 'yes' : 'no';
  if (name === 'hit_ratio' || name.endsWith('share')) return shareWord(value);
  if (name.endsWith('_ms')) return msWord(value);
  if (name.endsWith('_s')) return duration(value);
  if (name.endsWith('bytes')) return sizeWord(value);
  return count(value);
}

const FIGURES: Record<string, string> = { ttl_s: 'time to live', load_p99_ms: 'load p99', share: 'share of the budget', bus_connected: 'messages heard' };

/** A figure's name without its unit. */
export function figureName(name: string): string {
  return FIGURES[name] ?? name.replace(/_(ms|s|share)$/, '').replaceAll('_', ' ');
}

/** The figures a recommendation rests on: the deciding one with its bound, then the others. */
export function figuresText(advice: Pick<CacheAdvice, 'bound' | 'figures'>): string {
  return advice.figures
    .map((figure, index) => `${figureName(figure.name)} ${figureValue(figure.name, figure.value)}${index === 0 ? ` (bound ${figureValue(figure.name, advice.bound)})` : ''}`)
    .join(' · ');
}

/** How a recommendation looks. */
export function toneOf(severity: CacheAdvice['severity']): 'info' | 'wait' | 'late' {
  return severity === 'critical' ? 'late' : severity === 'warning' ? 'wait' : 'info';
}

const PURPOSES: Record<WarmingJob['purpose'], string> = {
  start: 'Warmed when the node started',
  schedule: 'Warmed for the coming hour, from usage',
  operator: 'Warmed by hand',
  forecast: 'Warmed from the forecast',
};

/** What a job is for; while it runs, as something that is being done. */
export function purposeWord(job: Pick<WarmingJob, 'purpose' | 'ended_at'>): string {
  const word = PURPOSES[job.purpose];
  return job.ended_at === null ? word.replace('Warmed', 'Warming') : word;
}

/** What an ended job came to. */
export function jobResult(job: Pick<WarmingJob, 'total' | 'loaded' | 'fresh' | 'failed'>): string {
  if (job.total === 0) return 'nothing to load: nobody asked for it lately';
  return [`${count(job.loaded)} loaded`, `${count(job.fresh)} fresh already`, job.failed > 0 ? `${count(job.failed)} not possible` : ''].filter(Boolean).join(', ');
}

/** What made answers old, or who. */
export function whyWord(one: Pick<Invalidation, 'why' | 'by'>): string {
  return one.by === null ? plain(one.why) : 'By hand';
}

/** A span of work in the unit that fits: "839 ms", "12.4 s". */
export function workWord(seconds: number): string {
  return seconds < 1 ? msWord(seconds * 1000) : `${seconds.toFixed(1)} s`;
}

/** An answer to be read: JSON in lines, as long as it is whole; else as it is sent. */
export function bodyText(body: string, cut: boolean): string {
  if (cut) return `${body}…`;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** A keyed hash of an owner is shortened to what tells it apart; nobody can read more from the rest. */
export function keyWord(key: string): { hashed: boolean; text: string } {
  const personal = /^~([\w-]{6})[\w-]*(:.*)?$/.exec(key);
  return personal ? { hashed: true, text: `${personal[1]}…${personal[2] ?? ''}` } : { hashed: false, text: key };
}
