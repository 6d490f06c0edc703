// Keeps the cart of this browser and the one of the account the same, quietly: after the login, when something changes,
// when the page is seen again and when the network is back. Without network the cart here goes on alone.

import { api, asProblem } from '$lib/api/client';
import type { Cart, Menu, RestaurantDetail } from '$lib/api/types';
import { Debounced } from '$lib/debounce';
import { t } from '$lib/i18n/storefront';
import { toasts } from '$lib/ui/toasts.svelte';
import { cartRestaurant, EMPTY_CART, requestLines, type CartState } from './cart-lines';
import { linesOf, markOf, merged, stepFor, type Seen } from './cart-merge';
import { cart, SEEN } from './cart.svelte';

const QUIET_MS = 1_200;
const TRIES = 4;

function lastSeen(): Seen | null {
  try {
    return JSON.parse(localStorage.getItem(SEEN) ?? 'null') as Seen | null;
  } catch {
    return null;
  }
}

function seenBy(customer: string): Seen | null {
  const seen = lastSeen();
  return seen?.customer === customer ? seen : null;
}

function remember(customer: string, version: number, mark: string): void {
  localStorage.setItem(SEEN, JSON.stringify({ customer, version, mark } satisfies Seen));
}

const markHere = (): string => markOf(cart.restaurant?.id, cart.lines);

/** The account's cart with names and prices of today. */
async function filled(kept: Cart): Promise<{ state: CartState; gone: string[] }> {
  if (!kept.restaurant_id) return { state: EMPTY_CART, gone: [] };
  const [restaurant, menu] = await Promise.all([
    api.get<RestaurantDetail>(`/restaurants/${kept.restaurant_id}`),
    api.get<Menu>(`/restaurants/${kept.restaurant_id}/menu`),
  ]).catch((error: unknown) => {
    if (asProblem(error).status === 404) return [null, null] as const;
    throw error;
  });
  const { lines, gone } = linesOf(kept.lines, menu);
  return { state: restaurant && lines.length > 0 ? { restaurant: cartRestaurant(restaurant), lines } : EMPTY_CART, gone };
}

class CartSync {
  #path: string;
  #customer: string;
  #ended = false;
  #soon = new Debounced(() => void this.now(), QUIET_MS);

  constructor(customer: string) {
    this.#customer = customer;
    this.#path = `/customers/${customer}/cart`;
  }

  follow(): () => void {
    const seen = (): void => void (document.visibilityState === 'visible' && this.now());
    const back = (): void => void this.now();
    const deaf = cart.listen(this.#soon.nudge);
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('online', back);
    void this.now();
    return () => {
      this.#ended = true;
      this.#soon.cancel();
      deaf();
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('online', back);
    };
  }

  /** Makes both the same, one tab at a time. What fails is tried again with the next reason to look. */
  async now(): Promise<void> {
    const work = (): Promise<void> => this.#settle().catch((error: unknown) => void asProblem(error));
    if ('locks' in navigator) await navigator.locks.request(SEEN, work);
    else await work();
  }

  async #settle(): Promise<void> {
    for (let tries = 0; tries < TRIES && !this.#ended; tries += 1) {
      const theirs = await api.get<Cart>(this.#path);
      if (this.#ended || (await this.#step(theirs))) return;
    }
  }

  /** One step towards one cart; false if something changed meanwhile and it must be looked at anew. */
  async #step(theirs: Cart): Promise<boolean> {
    const before = markHere();
    const step = stepFor(cart.state, theirs, seenBy(this.#customer));
    if (step === 'nothing') {
      remember(this.#customer, theirs.version, before);
      return true;
    }
    if (step === 'send' || step === 'empty') return this.#send(theirs.version);
    if (step === 'keep-ours') return this.#setAside(theirs, before);
    return this.#take(theirs, before, step);
  }

  async #take(theirs: Cart, before: string, step: 'take' | 'merge' | 'keep-theirs'): Promise<boolean> {
    const { state, gone } = await filled(theirs);
    if (markHere() !== before || this.#ended) return false;
    if (gone.length > 0) toasts.show(t('again.gone', { dishes: gone.join(', ') }));
    if (step === 'keep-theirs') cart.setAside(cart.state);
    if (step === 'merge') toasts.show(t('sync.merged'));
    cart.adopt(step === 'merge' ? { ...cart.state, lines: merged(cart.lines, state.lines) } : state);
    remember(this.#customer, theirs.version, markOf(theirs.restaurant_id, theirs.lines));
    // A merged cart, or one without a dish that is gone, is sent in the next round.
    return markHere() === markOf(theirs.restaurant_id, theirs.lines);
  }

  async #setAside(theirs: Cart, before: string): Promise<boolean> {
    const { state } = await filled(theirs);
    if (markHere() !== before || this.#ended) return false;
    cart.setAside(state);
    return this.#send(theirs.version);
  }

  /** Replaces the account's cart as of a version by the one here. */
  async #send(version: number): Promise<boolean> {
    const { restaurant, lines } = cart.state;
    const mark = markHere();
    try {
      if (restaurant && lines.length > 0) {
        const kept = await api.put<Cart>(this.#path, { restaurant_id: restaurant.id, lines: requestLines(lines), version });
        if (this.#ended) return true;
        remember(this.#customer, kept.version, mark);
      } else {
        await api.delete(this.#path, { query: { version } });
        if (this.#ended) return true;
        remember(this.#customer, 0, '');
      }
    } catch (error) {
      if (asProblem(error).code === 'version-conflict') return false;
      throw error;
    }
    return true;
  }
}

/** Keeps the cart with an account from now on; returns the end of it. What somebody else left behind when their login
 * ran out is not taken into it. */
export function followCart(customer: string): () => void {
  const seen = lastSeen();
  if (seen && seen.customer !== customer) cart.forget();
  return new CartSync(customer).follow();
}
