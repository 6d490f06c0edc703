// Which ticket is on its way to the printer. Only one at a time; the browser's own print window does the rest.

import { tick as settled } from 'svelte';
import type { Order } from '$lib/api/types';

class Printer {
  order = $state.raw<Order | null>(null);

  /** Puts the ticket on paper. */
  async print(order: Order): Promise<void> {
    this.order = order;
    await settled();
    window.print();
  }
}

/** The printer of this tablet. */
export const printer = new Printer();
