// Service on this tablet: from the tap that unlocks the sound until the page is left. A reload within the same
// tab goes on without a tap where the browser allows it; otherwise the person is asked again, because a board that
// cannot ring must not look as if it could.

import { bell } from '$lib/bell.svelte';
import { screenLock } from '$lib/wake-lock.svelte';

const STARTED = 'dabba.kitchen.started';

class Service {
  started = $state(false);
  #release: (() => void) | undefined;

  /** The tap on "Start service". */
  async start(): Promise<void> {
    await bell.unlock();
    bell.test('done');
    this.#begin();
  }

  /** After a reload: goes on if the sound is allowed without a tap. */
  async resume(): Promise<void> {
    if (sessionStorage.getItem(STARTED) !== '1') return;
    if (await bell.tryWithoutTap()) this.#begin();
  }

  end(): void {
    this.started = false;
    sessionStorage.removeItem(STARTED);
    bell.ring(null);
    this.#release?.();
  }

  #begin(): void {
    this.started = true;
    sessionStorage.setItem(STARTED, '1');
    this.#release?.();
    this.#release = screenLock.keep();
  }
}

/** The service of this tablet. */
export const service = new Service();
