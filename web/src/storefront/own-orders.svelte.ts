// The orders of the person that are still on their way, kept fresh by one event stream,
// for the running-order banner and the orders list.

import { api } from '$lib/api/client';
import type { Order, OrderEvent, Page } from '$lib/api/types';
import { Resource } from '$lib/load.svelte';
import { LiveStream } from '$lib/sse.svelte';

class OwnOrders {
  active = new Resource<Page<Order>>();
  /** Goes up whenever the server says that a menu or a restaurant has changed. */
  menuChanges = $state(0);
  /** The last order that something happened to; a new object each time, also when only its rider changed. */
  touched = $state.raw<{ orderId: string } | null>(null);
  #stream = new LiveStream('/events', { onevent: (event, data) => this.#heard(event, data), onback: () => void this.refresh() });

  /** Follows the orders while somebody is logged in; returns the end of it. */
  follow = (): (() => void) => {
    void this.refresh();
    const stop = this.#stream.start();
    return () => {
      stop();
      this.active.clear();
    };
  };

  refresh = (): Promise<unknown> => this.active.load(() => api.get<Page<Order>>('/orders', { active: true, limit: 10 }));

  #heard(event: string, data: unknown): void {
    if (event === 'order') {
      this.touched = { orderId: (data as OrderEvent).order_id };
      void this.refresh();
    }
    if (event === 'menu' || event === 'restaurant') this.menuChanges += 1;
  }
}

/** The person's running orders. */
export const ownOrders = new OwnOrders();
