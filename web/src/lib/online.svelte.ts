// Whether the browser believes it has a network. It may be wrong; a failed request is the better witness,
// so screens use this for words and never to refuse an action.

import { createSubscriber } from 'svelte/reactivity';

class Network {
  #subscribe = createSubscriber((update) => {
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  });

  /** True unless the browser says that there is no network at all. */
  get online(): boolean {
    this.#subscribe();
    return navigator.onLine;
  }
}

/** The network of this device. */
export const network = new Network();
