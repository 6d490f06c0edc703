// Many nudges, one call: `nudge` runs the work once things have been quiet for `quietMs`,
// but never later than `longestMs` after the first nudge, so that a busy stream cannot starve a screen.

export class Debounced {
  #work: () => void;
  #quietMs: number;
  #longestMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstAt: number | null = null;

  constructor(work: () => void, quietMs: number, longestMs = quietMs * 5) {
    this.#work = work;
    this.#quietMs = quietMs;
    this.#longestMs = longestMs;
  }

  /** Asks for the work to be done soon. */
  nudge = (): void => {
    const now = Date.now();
    this.#firstAt ??= now;
    clearTimeout(this.#timer);
    const left = this.#firstAt + this.#longestMs - now;
    this.#timer = setTimeout(this.#run, Math.max(0, Math.min(this.#quietMs, left)));
  };

  /** Forgets what was asked for. */
  cancel = (): void => {
    clearTimeout(this.#timer);
    this.#firstAt = null;
  };

  #run = (): void => {
    this.#firstAt = null;
    this.#work();
  };
}
