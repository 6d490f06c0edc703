// Whether this server runs the demo town: then it answers the demo's own paths, and the mailbox is worth a link.

class Demo {
  on = $state(false);
  #asked = false;

  /** Finds out once; a server without the demo answers 404. */
  async ask(probe: () => Promise<unknown>): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    this.on = await probe().then(() => true, () => false);
  }
}

export const demo = new Demo();
