// The phone of a rider, whose positions the server takes or refuses.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '$lib/api/client';
import type { FixesAccepted } from '$lib/api/types';
import { tracker } from '../../src/rider/tracker.svelte';

const SEND_MS = 5_000;

describe('a rider whose positions are refused', () => {
  let stop: () => void;
  let moved: (accuracy?: number) => void;
  let answer: FixesAccepted;

  beforeEach(() => {
    vi.useFakeTimers();
    const watchPosition = (taken: PositionCallback): number => {
      moved = (accuracy = 8) => taken({ coords: { latitude: 12.97, longitude: 77.6, accuracy } } as GeolocationPosition);
      return 1;
    };
    vi.stubGlobal('navigator', { geolocation: { watchPosition, clearWatch: () => undefined, getCurrentPosition: () => undefined } });
    vi.stubGlobal('document', { visibilityState: 'visible' });
    vi.spyOn(api, 'post').mockImplementation(() => Promise.resolve(answer as never));
    stop = tracker.start('k1', true);
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  async function reports(said: FixesAccepted): Promise<void> {
    answer = said;
    moved();
    await vi.advanceTimersByTimeAsync(SEND_MS);
  }

  it('is told so and why, until one is taken again', async () => {
    await reports({ accepted: 0, refused: [{ index: 0, code: 'jump' }] });
    expect([tracker.state, tracker.refusal, tracker.reportedAt]).toEqual(['refused', 'jump', 0]);
    moved();
    expect(tracker.state).toBe('refused');
    await reports({ accepted: 1, refused: [] });
    expect([tracker.state, tracker.refusal]).toEqual(['on', null]);
    expect(tracker.reportedAt).toBeGreaterThan(0);
  });

  it('is not told of what came twice, or of one among others that were taken', async () => {
    await reports({ accepted: 0, refused: [{ index: 0, code: 'not-newer' }] });
    expect([tracker.state, tracker.refusal]).toEqual(['on', null]);
    await reports({ accepted: 1, refused: [{ index: 0, code: 'mocked' }] });
    expect([tracker.state, tracker.refusal]).toEqual(['on', null]);
  });
});
