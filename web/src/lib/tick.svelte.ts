// A second hand for the screens: reading `tick.now` inside markup or a derived value
// re-runs it once a second, and the timer only runs while somebody is looking.

import { createSubscriber } from 'svelte/reactivity';
import { clock } from './clock';

class Tick {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Milliseconds since the epoch by the server's clock; changes every second. */
  get now(): number {
    this.#subscribe();
    return clock.now();
  }
}

/** The one ticking clock. */
export const tick = new Tick();
