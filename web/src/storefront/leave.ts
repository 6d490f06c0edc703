// Logging out of the storefront: nothing of the person stays in this browser for the next one.

import { session } from '$lib/session.svelte';
import { cart } from './cart.svelte';
import { preferences } from './preferences.svelte';

/** Logs out here at once, with the cart, the carts set aside and the preferences; tells the server if it can be reached. */
export async function leave(): Promise<void> {
  const told = session.logout();
  cart.forget();
  preferences.forget();
  await told;
}
