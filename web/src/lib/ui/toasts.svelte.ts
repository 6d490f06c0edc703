// Short words that something is done, with Undo where undo is real. Never for errors: those stay in place.

/** One message at the foot of the screen. */
export interface Toast {
  id: number;
  text: string;
  undo: (() => void) | undefined;
}

const WITH_UNDO_MS = 10_000;
const PLAIN_MS = 4_000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  /** Shows a message: 10 s with Undo, 4 s without. */
  show(text: string, undo?: () => void): void {
    const toast: Toast = { id: this.#next, text, undo };
    this.#next += 1;
    this.list = [...this.list.slice(-2), toast];
    setTimeout(() => this.drop(toast.id), undo ? WITH_UNDO_MS : PLAIN_MS);
  }

  /** Takes a message away. */
  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Runs the undo of a message and takes it away. */
  undo(toast: Toast): void {
    this.drop(toast.id);
    toast.undo?.();
  }
}

/** The messages of this page; show one with `toasts.show(text, undo)`. */
export const toasts = new Toasts();
