// Sounds that must not be missed: a new order, an offer, a lost connection. Made with Web Audio, so there is no file
// to load and it works offline. Browsers keep it silent until the person has tapped something once; `unlock` belongs
// into that tap, and `state` tells the screen when the bell cannot be heard, because a silent bell has to be visible.

import { clock } from './clock';

export type Tune = 'order' | 'offer' | 'lost' | 'done';
export type BellState = 'locked' | 'on' | 'missing';

interface Stroke {
  hz: number;
  at: number;
  length: number;
}

const stroke = (hz: number, at: number, length = 0.22): Stroke => ({ hz, at, length });

const TUNES: Record<Tune, { strokes: Stroke[]; everyMs: number; shape: OscillatorType }> = {
  order: { strokes: [stroke(880, 0), stroke(1175, 0.18), stroke(880, 0.42), stroke(1175, 0.6, 0.5)], everyMs: 2600, shape: 'triangle' },
  offer: { strokes: [stroke(660, 0), stroke(990, 0.16), stroke(1320, 0.32, 0.45)], everyMs: 3200, shape: 'triangle' },
  lost: { strokes: [stroke(440, 0, 0.3), stroke(330, 0.34, 0.5)], everyMs: 4000, shape: 'square' },
  done: { strokes: [stroke(990, 0, 0.18)], everyMs: 0, shape: 'sine' },
};

const VOLUME_STORE = 'dabba.bell.volume';

class Bell {
  state = $state<BellState>('locked');
  /** The tune that repeats at present. */
  ringing = $state<Tune | null>(null);
  /** When the bell was last heard on purpose, by the server's clock; 0 never. */
  testedAt = $state(0);
  /** Loudness from 0.2 to 1; kept on this device. */
  volume = $state(1);
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem(VOLUME_STORE);
    if (kept) this.volume = Math.min(1, Math.max(0.2, Number(kept) || 1));
  }

  /** To be called in a tap. Resolves to whether the bell can be heard from now on. */
  async unlock(): Promise<boolean> {
    const context = this.#open();
    if (!context) return false;
    await context.resume().catch(() => undefined);
    this.#follow();
    return this.state === 'on';
  }

  /** Whether the browser allows sound without a tap, for instance in an installed app. */
  async tryWithoutTap(): Promise<boolean> {
    const context = this.#open();
    if (!context) return false;
    await Promise.race([context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 250))]);
    this.#follow();
    return this.state === 'on';
  }

  /** Plays a tune once. */
  play(tune: Tune): void {
    const context = this.#context;
    if (!context || context.state !== 'running') return;
    for (const one of TUNES[tune].strokes) this.#strike(context, one, TUNES[tune].shape);
  }

  /** Plays once so that the person hears that it works. */
  test(tune: Tune): void {
    this.play(tune);
    if (this.state === 'on') this.testedAt = clock.now();
  }

  /** Repeats a tune until it is called with another one, or with null. */
  ring(tune: Tune | null): void {
    if (tune === this.ringing) return;
    this.ringing = tune;
    clearInterval(this.#timer);
    if (!tune) return;
    this.play(tune);
    this.#timer = setInterval(() => this.play(tune), TUNES[tune].everyMs);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    localStorage.setItem(VOLUME_STORE, String(volume));
  }

  #open(): AudioContext | null {
    if (this.#context) return this.#context;
    if (typeof AudioContext === 'undefined') {
      this.state = 'missing';
      return null;
    }
    this.#context = new AudioContext();
    this.#context.onstatechange = () => this.#follow();
    return this.#context;
  }

  #follow(): void {
    this.state = this.#context?.state === 'running' ? 'on' : 'locked';
  }

  #strike(context: AudioContext, one: Stroke, shape: OscillatorType): void {
    const start = context.currentTime + one.at;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.type = shape;
    tone.frequency.value = one.hz;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(Math.max(0.01, this.volume * 0.5), start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + one.length);
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + one.length + 0.05);
  }
}

/** The bell of this page. */
export const bell = new Bell();
