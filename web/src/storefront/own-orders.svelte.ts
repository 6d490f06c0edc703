// The orders of the person that are still on their way, kept fresh by one event stream,
// for the running-order banner and the orders list.

import { api } from '$lib/api/client';
import type { Order, Page } from '$lib/api/types';
import { Resource } from '$lib/load.svelte';
import { LiveStream } from '$lib/sse.svelte';

class OwnOrders {
  active = new Resource<Page<Order>>();
  /** Goes up whenever the server says that a menu or a restaurant has changed. */
  menuChanges = $state(0);
  #stream = new LiveStream('/events', { onevent: (event) => this.#heard(event), onback: () => void this.refresh() });

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

  #heard(event: string): void {
    if (event === 'order') void this.refresh();
    if (event === 'menu' || event === 'restaurant') this.menuChanges += 1;
  }
}

/** The person's running orders. */
export const ownOrders = new OwnOrders();
