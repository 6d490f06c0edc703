// Loading something for a screen: data, error, and whether it already takes long enough to show bones.
// A newer load wins over an older one; data stays on the screen while it is fetched again.

import { asProblem, type ApiProblem } from './api/problem';
import { clock } from './clock';

const BONES_AFTER_MS = 150;

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined);
  error = $state.raw<ApiProblem | undefined>(undefined);
  loading = $state(false);
  /** True once the first load has taken 150 ms: only then are bones shown. */
  slow = $state(false);
  /** When the data came, in milliseconds since the epoch; 0 before. */
  at = $state(0);

  #fetch: (() => Promise<T>) | undefined;
  #round = 0;

  /** Loads with `fetch`, and remembers it for `reload`. */
  async load(fetch: () => Promise<T>): Promise<T | undefined> {
    this.#fetch = fetch;
    const round = ++this.#round;
    const timer = setTimeout(() => {
      if (round === this.#round) this.slow = true;
    }, BONES_AFTER_MS);
    this.loading = true;
    try {
      const data = await fetch();
      if (round !== this.#round) return undefined;
      this.set(data);
      return data;
    } catch (error) {
      if (round === this.#round && !(error instanceof DOMException)) this.error = asProblem(error);
      return undefined;
    } finally {
      clearTimeout(timer);
      if (round === this.#round) {
        this.loading = false;
        this.slow = false;
      }
    }
  }

  /** Loads again the same way; does nothing before the first load. */
  reload = async (): Promise<void> => {
    if (this.#fetch) await this.load(this.#fetch);
  };

  /** Puts data that came another way, such as the answer of an action. */
  set(data: T): void {
    this.data = data;
    this.error = undefined;
    this.at = clock.now();
  }

  /** Forgets everything, for a screen that changes its subject. */
  clear(): void {
    this.#round += 1;
    this.data = undefined;
    this.error = undefined;
    this.loading = false;
    this.slow = false;
    this.at = 0;
  }
}
