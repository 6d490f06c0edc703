// Arrow keys and j/k on a table: which row comes next, and bringing it into view.

import { router } from '../routes';
import { step } from '../live/selection';
import type { Shortcut } from '../shell/shortcuts.svelte';

/** Shortcuts that move the choice kept under `name` in the address through `ids`. */
export function rowShortcuts(name: string, ids: () => string[], group: string): Shortcut[] {
  const move = (by: 1 | -1): void => {
    const next = step(ids(), router.query.get(name), by);
    if (!next) return;
    router.setQuery({ [name]: next });
    requestAnimationFrame(() => document.getElementById(`row-${next}`)?.scrollIntoView({ block: 'nearest' }));
  };
  return [
    { keys: 'j', says: 'Next row', group, run: () => move(1) },
    { keys: 'k', says: 'Earlier row', group, run: () => move(-1) },
    { keys: 'ArrowDown', says: 'Next row', group, run: () => move(1) },
    { keys: 'ArrowUp', says: 'Earlier row', group, run: () => move(-1) },
  ];
}

/** Puts the cursor into the search field of the page. */
export function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
}
