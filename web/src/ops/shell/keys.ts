// Reading keys: single letters and two-letter words such as `g l`. Nothing here touches the page; what counts
// as "typing" is decided from a small description of the target, so both rules can be tested without a browser.

/** How long the second letter of a word may take. */
export const WORD_MS = 1200;

export interface Pending {
  prefix: string;
  at: number;
}

/** What a key press leads to: a command that is known, or the beginning of one. */
export interface Reading {
  command: string | null;
  pending: Pending | null;
}

/** Reads one key. `known` holds commands as they are written in the help: "j", "g l", "?". */
export function readKey(pending: Pending | null, key: string, at: number, known: ReadonlySet<string>): Reading {
  if (pending && at - pending.at <= WORD_MS) {
    const word = `${pending.prefix} ${key}`;
    if (known.has(word)) return { command: word, pending: null };
  }
  if (known.has(key)) return { command: key, pending: null };
  const starts = [...known].some((command) => command.startsWith(`${key} `));
  return { command: null, pending: starts ? { prefix: key, at } : null };
}

/** The part of an event target that matters here. */
export interface KeyTarget {
  tag: string;
  type: string;
  editable: boolean;
  inDialog: boolean;
  /** Whether the element has a use of its own for Enter. */
  pressable: boolean;
}

const NOT_TYPING = new Set(['button', 'checkbox', 'radio', 'submit', 'reset', 'range', 'color', 'file']);

/** Whether keys belong to a field at the moment. */
export function isTyping(target: KeyTarget): boolean {
  if (target.editable || target.tag === 'TEXTAREA' || target.tag === 'SELECT') return true;
  return target.tag === 'INPUT' && !NOT_TYPING.has(target.type);
}

/** Whether a single-key shortcut may act: never while typing, in a dialog, or in place of a button's own Enter. */
export function mayAct(target: KeyTarget, key: string): boolean {
  if (isTyping(target) || target.inDialog) return false;
  return !(key === 'Enter' && target.pressable);
}

/** Describes a real event target. */
export function describe(target: EventTarget | null): KeyTarget {
  if (!(target instanceof Element)) return { tag: '', type: '', editable: false, inDialog: false, pressable: false };
  return {
    tag: target.tagName,
    type: target instanceof HTMLInputElement ? target.type : '',
    editable: target instanceof HTMLElement && target.isContentEditable,
    inDialog: document.querySelector('dialog[open]') !== null,
    pressable: target.closest('a, button, summary, [role=option]') !== null,
  };
}
