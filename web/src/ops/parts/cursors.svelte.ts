// The pages of a cursor list that somebody has been on. The server gives only the next cursor,
// so the ones before are kept, and going back needs no new question.

export class Cursors {
  #trail = $state<string[]>([]);

  /** The cursor of the present page; null on the first one. */
  get now(): string | null {
    return this.#trail.at(-1) ?? null;
  }

  /** How many pages lie before this one. */
  get page(): number {
    return this.#trail.length;
  }

  forward(cursor: string): void {
    this.#trail = [...this.#trail, cursor];
  }

  back(): void {
    this.#trail = this.#trail.slice(0, -1);
  }

  /** To the first page, for a list that was filtered anew. */
  reset(): void {
    if (this.#trail.length > 0) this.#trail = [];
  }
}
