// The last known state of a rider on this phone, for opening without network. Small enough for localStorage, which
// can be read before the first frame. Unsent actions are not here but in the outbox.

import type { Courier, Order, OrderRoute } from '$lib/api/types';

export interface KeptState {
  me: Courier | null;
  orders: Order[];
  routes: [string, OrderRoute][];
}

const KEY = 'dabba.rider.kept';

/** Keeps the state of one rider; a full or closed storage costs only the offline start. */
export function remember(courierId: string, state: KeptState): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ courierId, ...state }));
  } catch {
    forget();
  }
}

/** The kept state, if it belongs to this rider. */
export function recall(courierId: string): KeptState | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as (KeptState & { courierId: string }) | null;
    return kept && kept.courierId === courierId ? kept : null;
  } catch {
    return null;
  }
}

/** Forgets it. */
export function forget(): void {
  localStorage.removeItem(KEY);
}
