// The time as the server knows it. Tablets and phones are often wrong by minutes, and a countdown that ends
// at the wrong moment is worse than none, so the difference is learnt from the `Date` header of each answer.

const WORTH_CORRECTING_MS = 3_000;

class ServerClock {
  #offset = 0;

  /** Milliseconds since the epoch, corrected by what the server said. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Learns from a `Date` header, which has whole seconds only; small differences are ignored. */
  learn(date: string | null): void {
    if (!date) return;
    const offset = Date.parse(date) + 500 - Date.now();
    if (Number.isNaN(offset)) return;
    this.#offset = Math.abs(offset) < WORTH_CORRECTING_MS ? 0 : offset;
  }
}

/** The clock of this page. */
export const clock = new ServerClock();
