// Keeps the screen on while it matters: a kitchen in service, a rider on a job. The browser takes the lock away
// whenever the page is hidden, so it is asked for again each time the page comes back.

export type WakeState = 'off' | 'on' | 'refused' | 'missing';

class ScreenLock {
  state = $state<WakeState>('off');
  #wanted = false;
  #held: WakeLockSentinel | null = null;

  /** Keeps the screen on until the returned function is called; fits an effect. */
  keep = (): (() => void) => {
    this.#wanted = true;
    document.addEventListener('visibilitychange', this.#take);
    void this.#take();
    return () => {
      this.#wanted = false;
      document.removeEventListener('visibilitychange', this.#take);
      void this.#held?.release().catch(() => undefined);
      this.#held = null;
      this.state = 'off';
    };
  };

  #take = async (): Promise<void> => {
    if (!('wakeLock' in navigator)) {
      this.state = 'missing';
      return;
    }
    if (!this.#wanted || this.#held || document.visibilityState !== 'visible') return;
    try {
      const held = await navigator.wakeLock.request('screen');
      if (!this.#wanted) return void held.release();
      this.#held = held;
      this.state = 'on';
      held.addEventListener('release', () => {
        if (this.#held === held) this.#held = null;
        if (this.#wanted) this.state = 'off';
      });
    } catch {
      this.state = 'refused';
    }
  };
}

/** The screen lock of this page. */
export const screenLock = new ScreenLock();
