// What one tablet remembers by itself: which lines are ticked off and which ready tickets were taken from the board.
// The server has no such states, so they stay on this device, survive a reload and are forgotten with the order.

import { SvelteSet } from 'svelte/reactivity';

const TICKS = 'dabba.kitchen.ticks';
const BUMPS = 'dabba.kitchen.bumps';

function read(key: string): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

class Kept {
  #ticks = new SvelteSet<string>(read(TICKS));
  bumped = new SvelteSet<string>(read(BUMPS));

  isTicked(orderId: string, line: number): boolean {
    return this.#ticks.has(`${orderId}/${line}`);
  }

  /** Ticks a line or takes the tick back; returns whether it is ticked now. */
  toggle(orderId: string, line: number): boolean {
    const key = `${orderId}/${line}`;
    const ticked = !this.#ticks.delete(key);
    if (ticked) this.#ticks.add(key);
    this.#save();
    return ticked;
  }

  bump(orderId: string): void {
    this.bumped.add(orderId);
    this.#save();
  }

  unbump(orderId: string): void {
    this.bumped.delete(orderId);
    this.#save();
  }

  /** Forgets everything about orders that are not active any more. */
  prune(active: ReadonlySet<string>): void {
    for (const key of this.#ticks) if (!active.has(key.split('/')[0] ?? '')) this.#ticks.delete(key);
    for (const id of this.bumped) if (!active.has(id)) this.bumped.delete(id);
    this.#save();
  }

  #save(): void {
    localStorage.setItem(TICKS, JSON.stringify([...this.#ticks]));
    localStorage.setItem(BUMPS, JSON.stringify([...this.bumped]));
  }
}

/** The memory of this tablet. */
export const kept = new Kept();
