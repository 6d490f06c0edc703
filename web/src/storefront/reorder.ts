// Ordering again: today's menu and restaurant, then the old lines into the cart.

import { api } from '$lib/api/client';
import type { Menu, Order, RestaurantDetail } from '$lib/api/types';
import { cartRestaurant } from './cart-lines';
import { cart } from './cart.svelte';
import { linesFrom } from './reorder-lines';

/** Puts an old order into the cart; says what could not come along. */
export async function orderAgain(order: Order): Promise<{ added: boolean; gone: string[] }> {
  const [restaurant, menu] = await Promise.all([
    api.get<RestaurantDetail>(`/restaurants/${order.restaurant.id}`),
    api.get<Menu>(`/restaurants/${order.restaurant.id}/menu`),
  ]);
  const { lines, gone } = linesFrom(order, menu);
  const added = lines.length > 0 && cart.add(cartRestaurant(restaurant), lines);
  return { added, gone };
}
