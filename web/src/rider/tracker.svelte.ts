// Where the rider is, told to the server in small batches while the shift is on: often on a job, seldom while free.
// Fixes that could not be sent wait here (not on the disk: an old position is worth little) up to a limit. A standing
// phone gives no new fixes by itself, so one is asked for now and then; the server counts a rider as silent after 60 s.

import { api } from '$lib/api/client';
import type { Fix, FixesAccepted, RefusedFix } from '$lib/api/types';
import { clock } from '$lib/clock';

export type TrackState = 'off' | 'asking' | 'on' | 'weak' | 'refused' | 'denied' | 'missing';

const BATCH_JOB_MS = 5_000;
const BATCH_FREE_MS = 15_000;
const ASK_AGAIN_MS = 20_000;
const KEPT = 240;
const WEAK_METRES = 120;

class Tracker {
  state = $state<TrackState>('off');
  last = $state.raw<Fix | null>(null);
  /** Why the server takes no position of this phone, while it is so. */
  refusal = $state<RefusedFix['code'] | null>(null);
  /** When the server last took a position, in milliseconds; 0 never. */
  reportedAt = $state(0);
  #queue: Fix[] = [];
  #watch: number | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  #sending = false;

  /** Follows the phone until the returned function is called. */
  start(courierId: string, onJob: boolean): () => void {
    if (!('geolocation' in navigator)) {
      this.state = 'missing';
      return () => undefined;
    }
    if (!this.last) this.state = 'asking';
    this.#listen();
    this.#timers = [
      setInterval(() => void this.#send(courierId), onJob ? BATCH_JOB_MS : BATCH_FREE_MS),
      setInterval(() => this.#ask(), ASK_AGAIN_MS),
    ];
    void this.#send(courierId);
    return () => this.#stop();
  }

  /** After the person has changed the permission. */
  retry = (): void => {
    this.state = 'asking';
    this.#listen();
    this.#ask();
  };

  #listen(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = navigator.geolocation.watchPosition(this.#take, this.#fail, { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 });
  }

  #ask(): void {
    if (document.visibilityState !== 'visible' || this.state === 'denied') return;
    navigator.geolocation.getCurrentPosition(this.#take, this.#fail, { enableHighAccuracy: true, maximumAge: 10_000, timeout: 15_000 });
  }

  #take = (position: GeolocationPosition): void => {
    const { latitude, longitude, accuracy } = position.coords;
    const fix: Fix = { lat: latitude, lng: longitude, accuracy_m: Math.round(accuracy), at: new Date(clock.now()).toISOString() };
    this.state = this.refusal ? 'refused' : accuracy > WEAK_METRES ? 'weak' : 'on';
    this.last = fix;
    this.#queue = [...this.#queue, fix].slice(-KEPT);
  };

  #fail = (error: GeolocationPositionError): void => {
    if (error.code === error.PERMISSION_DENIED) this.state = 'denied';
    else if (!this.last) this.state = 'weak';
  };

  async #send(courierId: string): Promise<void> {
    if (this.#sending || this.#queue.length === 0) return;
    this.#sending = true;
    const fixes = this.#queue;
    this.#queue = [];
    try {
      this.#heard(await api.post<FixesAccepted>(`/couriers/${courierId}/locations`, { fixes }));
    } catch {
      this.#queue = [...fixes, ...this.#queue].slice(-KEPT);
    } finally {
      this.#sending = false;
    }
  }

  #heard(answer: FixesAccepted): void {
    // What came twice, or late, says nothing about the phone.
    const refused = answer.refused.find((one) => one.code !== 'not-newer');
    this.refusal = answer.accepted > 0 ? null : (refused?.code ?? this.refusal);
    if (this.state === 'on' || this.state === 'refused') this.state = this.refusal ? 'refused' : 'on';
    if (answer.accepted > 0) this.reportedAt = clock.now();
  }

  #stop(): void {
    this.refusal = null;
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}

/** The position of this phone. */
export const tracker = new Tracker();
