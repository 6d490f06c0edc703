// What is known about the selected order: the order itself, its route, what was decided about it, and who could take it.
// Map and panel read the same object. Candidates are asked for only while a rider can still be changed, that is, before pick-up.

import { api } from '$lib/api/client';
import type { Candidate, Candidates, CourierChangedEvent, Decisions, OfferEvent, Order, OrderEvent, OrderRoute, OrderStatus } from '$lib/api/types';
import { Debounced } from '$lib/debounce';
import { Resource } from '$lib/load.svelte';
import { feed } from '../feed.svelte';
import type { FullRider } from './full-rider';

const ASSIGNABLE: OrderStatus[] = ['accepted', 'preparing', 'ready'];

/** Whether an order may be given to a rider by hand. */
export function isAssignable(status: OrderStatus): boolean {
  return ASSIGNABLE.includes(status);
}

export class Selected {
  id = $state<string | null>(null);
  order = new Resource<Order>();
  route = new Resource<OrderRoute>();
  candidates = new Resource<Candidates>();
  decisions = new Resource<Decisions>();
  /** The chosen candidate, by courier id; the best one until somebody chooses. */
  picked = $state<string | null>(null);
  /** Set when the chosen candidate has dropped out of the list. */
  lost = $state(false);
  note = $state('');
  /** Who was chosen and had no room, while that is still to be decided; they are in no list of candidates any more. */
  full = $state.raw<FullRider | null>(null);
  #soon = new Debounced(() => void this.reload(), 300);

  get candidate(): Candidate | undefined {
    return this.candidates.data?.items.find((one) => one.courier_id === this.picked);
  }

  get assignable(): boolean {
    return this.order.data !== undefined && isAssignable(this.order.data.status);
  }

  /** Shows another order, or nothing. What was typed belongs to the order before and is dropped. */
  show(id: string | null): void {
    if (id === this.id) return;
    this.id = id;
    this.picked = null;
    this.lost = false;
    this.full = null;
    this.note = '';
    for (const resource of [this.order, this.route, this.candidates, this.decisions]) resource.clear();
    if (id) void this.reload();
  }

  /** Fetches the order again, then route and candidates as far as they still mean something. */
  async reload(): Promise<void> {
    const id = this.id;
    if (!id) return;
    const order = await this.order.load(() => api.get<Order>(`/orders/${id}`));
    if (!order || this.id !== id) return;
    void this.route.load(() => api.get<OrderRoute>(`/orders/${id}/route`));
    void this.decisions.load(() => api.get<Decisions>(`/orders/${id}/decisions`));
    if (!isAssignable(order.status)) {
      this.candidates.clear();
      return;
    }
    const found = await this.candidates.load(() => api.get<Candidates>(`/orders/${id}/candidates`));
    if (found && this.id === id) this.#keepPick(found);
  }

  pick(courierId: string): void {
    this.picked = courierId;
    this.lost = false;
    this.full = null;
  }

  /** Refetches on events about this order; returns the end of it. */
  follow = (): (() => void) => {
    const stop = feed.listen((event, data) => {
      if (event === 'back') this.#soon.nudge();
      const orders = event === 'order' ? [(data as OrderEvent).order_id] : event === 'offer' ? ((data as OfferEvent).order_ids ?? []) : [];
      if (this.id !== null && orders.includes(this.id)) this.#soon.nudge();
      // Who goes on a break or home, or is barred, looks at no offer any more.
      const offer = this.candidates.data?.offer;
      if (event === 'courier_changed' && offer?.courier_id === (data as CourierChangedEvent).courier_id) this.#soon.nudge();
    });
    return () => {
      stop();
      this.#soon.cancel();
    };
  };

  /** Assigning somebody nobody chose would be worse than asking again, so a lost choice is not replaced, nor one that is
      still to be decided. */
  #keepPick(found: Candidates): void {
    if (this.picked === null) {
      if (!this.lost && !this.full) this.picked = found.items[0]?.courier_id ?? null;
      return;
    }
    if (found.items.some((one) => one.courier_id === this.picked)) return;
    this.lost = this.full?.courierId !== this.picked;
    this.picked = null;
  }
}
