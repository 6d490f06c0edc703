import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../../../src/lib/api/client';
import { live, restMs } from '../../../src/ops/live/board.svelte';

const NOW = Date.parse('2026-11-20T07:30:00Z');
const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

describe('the board rests', () => {
  it('until the next trouble that comes by itself', () => {
    expect(restMs(inSeconds(8), NOW)).toBe(8_700);
  });

  it('no longer than twenty seconds, and no shorter than the server keeps it', () => {
    expect(restMs(inSeconds(600), NOW)).toBe(20_000);
    expect(restMs(null, NOW)).toBe(20_000);
    expect(restMs(inSeconds(-5), NOW)).toBe(2_500);
  });
});

describe('a followed board', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
    vi.stubGlobal('document', { visibilityState: 'visible' });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('is fetched when its next trouble is due, and not any more once nobody follows it', async () => {
    const get = vi.spyOn(api, 'get').mockResolvedValue({ couriers: [], exceptions: [], orders: [], next_exception_at: inSeconds(8) });
    const stop = live.follow('bengaluru');
    await vi.advanceTimersByTimeAsync(8_000);
    expect(get).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(get).toHaveBeenCalledTimes(2);
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('is asked for again after a failure', async () => {
    const get = vi.spyOn(api, 'get').mockRejectedValue(new TypeError('no network'));
    const stop = live.follow('bengaluru');
    await vi.advanceTimersByTimeAsync(20_100);
    expect(get).toHaveBeenCalledTimes(2);
    stop();
  });
});
