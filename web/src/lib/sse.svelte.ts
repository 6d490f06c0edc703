// Server-sent events over fetch, because EventSource cannot send an Authorization header. Resumes with
// `Last-Event-ID`, waits longer after each failure with some chance in it, and knows how old its last word is,
// so that a screen can say "Updated 40 s ago, reconnecting" instead of quietly being wrong.

import { ApiProblem, problemFrom } from './api/problem';
import { accessToken, refreshAccess } from './api/tokens';
import { clock } from './clock';
import { SseParser, type SseMessage } from './sse-parser';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SILENCE_MS = 40_000;

export type LiveState = 'idle' | 'live' | 'reconnecting' | 'ended' | 'refused';

export interface LiveOptions {
  /** Called for every event; `data` is parsed JSON. Pings are not passed on. */
  onevent: (event: string, data: unknown) => void;
  /** Called when a lost link is back or comes only after failures, or when the server says that events were lost: refetch here. */
  onback?: () => void;
  /** Called when it may not be followed, or not any more; it is not tried again. */
  onrefused?: () => void;
}

/** How long to wait before try number `attempt` (0 is the first), with `chance` in 0..1. */
export function backoff(attempt: number, chance: number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}

export class LiveStream {
  state = $state<LiveState>('idle');
  /** When the server last said anything, milliseconds since the epoch. */
  lastAt = $state(0);

  #path: string;
  #options: LiveOptions;
  #lastId: string | null = null;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;
  #attempt = 0;
  #wasLive = false;
  #running = 0;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(path: string, options: LiveOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Opens the stream and keeps it open until `stop`. Returns `stop`, to be given back from an effect. */
  start = (): (() => void) => {
    this.#running += 1;
    void this.#run(this.#running);
    window.addEventListener('online', this.retryNow);
    window.addEventListener('offline', this.#cut);
    document.addEventListener('visibilitychange', this.#seen);
    this.#watch = setInterval(() => this.#checkSilence(), 5000);
    return this.stop;
  };

  stop = (): void => {
    this.#running += 1;
    clearInterval(this.#watch);
    window.removeEventListener('online', this.retryNow);
    window.removeEventListener('offline', this.#cut);
    document.removeEventListener('visibilitychange', this.#seen);
    this.#abort?.abort();
    this.#wake?.();
    this.state = 'idle';
  };

  /** Ends the waiting and tries at once. */
  retryNow = (): void => {
    this.#attempt = 0;
    this.#wake?.();
  };

  #seen = (): void => {
    if (document.visibilityState === 'visible') this.retryNow();
  };

  /** Without a network an open stream is only silent; better to say so at once. */
  #cut = (): void => {
    this.#abort?.abort();
  };

  #checkSilence(): void {
    if (this.state === 'live' && clock.now() - this.lastAt > SILENCE_MS) this.#abort?.abort();
  }

  async #run(round: number): Promise<void> {
    while (round === this.#running) {
      const done = await this.#once(round).catch((error: unknown) => this.#failed(error, round));
      if (round !== this.#running) return;
      if (done) return;
      this.state = 'reconnecting';
      await this.#wait(backoff(this.#attempt, Math.random()));
      this.#attempt += 1;
    }
  }

  /** A refused stream (401, 403, 404) is not tried again; anything else is. */
  #failed(error: unknown, round: number): boolean {
    const refused = error instanceof ApiProblem && [401, 403, 404].includes(error.status);
    if (refused && round === this.#running) {
      this.state = 'refused';
      this.#options.onrefused?.();
    }
    return refused;
  }

  async #open(): Promise<Response> {
    this.#abort = new AbortController();
    const signal = this.#abort.signal;
    const connect = (token: string | null): Promise<Response> => {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (token) headers['authorization'] = `Bearer ${token}`;
      if (this.#lastId !== null) headers['last-event-id'] = this.#lastId;
      return fetch(this.#path, { headers, signal, cache: 'no-store' });
    };
    const token = await accessToken();
    const response = await connect(token);
    if (response.status !== 401 || !token) return response;
    return connect(await refreshAccess(token));
  }

  async #once(round: number): Promise<boolean> {
    const response = await this.#open();
    if (!response.ok || !response.body) throw await problemFrom(response);
    this.#becomeLive();
    const parser = new SseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || round !== this.#running) return round !== this.#running;
      this.lastAt = clock.now();
      for (const message of parser.push(value)) {
        if (this.#take(message)) return true;
      }
    }
  }

  #becomeLive(): void {
    this.state = 'live';
    this.lastAt = clock.now();
    const tried = this.#attempt > 0;
    this.#attempt = 0;
    if (this.#wasLive || tried) this.#options.onback?.();
    this.#wasLive = true;
  }

  /** Hands an event on; true when the server says that nothing more will come. */
  #take(message: SseMessage): boolean {
    // A new link knows no id until an event of its own has one; what was seen before still counts.
    this.#lastId = message.id ?? this.#lastId;
    if (message.event === 'ping') return false;
    if (message.event === 'reload') {
      this.#options.onback?.();
      return false;
    }
    this.#options.onevent(message.event, message.data ? JSON.parse(message.data) : null);
    if (message.event !== 'end') return false;
    this.state = 'ended';
    return true;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(finish, ms);
      const stream = this;
      function finish(): void {
        clearTimeout(timer);
        stream.#wake = null;
        resolve();
      }
      this.#wake = finish;
    });
  }
}
