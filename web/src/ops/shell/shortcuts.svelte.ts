// The keyboard of the console. A screen adds its shortcuts while it is shown; the help lists exactly what is added.
// Single keys can be switched off for people whose speech or switch software sends stray letters (WCAG 2.1.4).

import { untrack } from 'svelte';
import { describe, mayAct, readKey, type Pending } from './keys';

export interface Shortcut {
  /** As written in the help: "j", "g l", "Enter". */
  keys: string;
  /** What the help shows instead; an empty text leaves the shortcut out of the help. */
  shows?: string;
  says: string;
  group: string;
  run: () => void;
}

const STORE = 'dabba.ops.single-keys';

class Shortcuts {
  list = $state.raw<Shortcut[]>([]);
  enabled = $state(localStorage.getItem(STORE) !== 'off');
  helpOpen = $state(false);
  paletteOpen = $state(false);
  #pending: Pending | null = null;

  /** Adds shortcuts until the returned function is called. A later one wins over an earlier one with the same keys. */
  add(added: Shortcut[]): () => void {
    this.list = [...untrack(() => this.list), ...added];
    return () => {
      this.list = untrack(() => this.list).filter((shortcut) => !added.includes(shortcut));
    };
  }

  switchOn(on: boolean): void {
    this.enabled = on;
    localStorage.setItem(STORE, on ? 'on' : 'off');
  }

  /** Starts listening; returns the end of it. */
  listen = (): (() => void) => {
    const press = (event: KeyboardEvent): void => this.#press(event);
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  };

  #press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.paletteOpen = !this.paletteOpen;
      return;
    }
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !this.enabled) return;
    if (!mayAct(describe(event.target), event.key)) return;
    const known = new Set(this.list.map((shortcut) => shortcut.keys));
    const reading = readKey(this.#pending, event.key, event.timeStamp, known);
    this.#pending = reading.pending;
    const found = this.list.findLast((shortcut) => shortcut.keys === reading.command);
    if (!found) return;
    event.preventDefault();
    found.run();
  }
}

/** The keyboard of this page. */
export const shortcuts = new Shortcuts();
