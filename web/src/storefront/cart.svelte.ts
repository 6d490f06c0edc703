// The one cart of this browser. It needs no account, outlives a reload, and belongs to one restaurant:
// adding from another asks first. With an account, cart-sync keeps it the same on every device; a cart that lost against
// a newer one is set aside here until somebody decides. Whoever logs out takes all of it along.

import { clock } from '$lib/clock';
import { addLine, dishCount, EMPTY_CART, setQuantity, shownTotal, type CartLine, type CartRestaurant, type CartState } from './cart-lines';

const STORE = 'dabba.storefront.cart';
const ASIDE = 'dabba.storefront.carts.aside';
const MOST_ASIDE = 5;
/** Where cart-sync remembers whose cart this is, and how the account had it last. */
export const SEEN = 'dabba.storefront.cart.seen';

function read<T>(store: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(store);
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

class Cart {
  #state = $state.raw<CartState>(read(STORE, EMPTY_CART));
  #aside = $state.raw<CartState[]>(read(ASIDE, []));
  #listeners = new Set<() => void>();
  /** What waits for the answer to "replace the cart?". */
  asking = $state.raw<{ restaurant: CartRestaurant; lines: CartLine[] } | null>(null);

  constructor() {
    window.addEventListener('storage', (event) => {
      if (event.key === STORE) this.#state = read(STORE, EMPTY_CART);
      if (event.key === ASIDE) this.#aside = read(ASIDE, []);
    });
  }

  get state(): CartState {
    return this.#state;
  }

  /** The newest cart that was set aside. */
  get aside(): CartState | null {
    return this.#aside[0] ?? null;
  }

  get restaurant(): CartRestaurant | null {
    return this.#state.restaurant;
  }

  get lines(): CartLine[] {
    return this.#state.lines;
  }

  get dishes(): number {
    return dishCount(this.#state.lines);
  }

  get shownTotal(): number {
    return shownTotal(this.#state.lines);
  }

  /** The lines of one dish, for the number beside it on the menu. */
  linesOf(itemId: string): CartLine[] {
    return this.#state.lines.filter((line) => line.item_id === itemId);
  }

  /** Adds lines; false when the cart belongs to another kitchen and the person is asked first. */
  add(restaurant: CartRestaurant, lines: CartLine[]): boolean {
    const present = this.#state.restaurant;
    if (present && present.id !== restaurant.id && this.#state.lines.length > 0) {
      this.asking = { restaurant, lines };
      return false;
    }
    this.#keep({ restaurant, lines: lines.reduce(addLine, this.#state.lines) });
    return true;
  }

  /** Answers the question of `asking`. */
  answer(replace: boolean): void {
    const asked = this.asking;
    this.asking = null;
    if (asked && replace) this.#keep({ restaurant: asked.restaurant, lines: asked.lines });
  }

  set(key: string, quantity: number): void {
    const lines = setQuantity(this.#state.lines, key, quantity);
    this.#keep(lines.length === 0 ? EMPTY_CART : { ...this.#state, lines });
  }

  clear(): void {
    this.#keep(EMPTY_CART);
  }

  /** Takes over what the account has; nobody here changed anything. */
  adopt(next: CartState): void {
    this.#state = next;
    localStorage.setItem(STORE, JSON.stringify(next));
  }

  /** Keeps a cart beside this one, unless it is there already. */
  setAside(other: CartState): void {
    if (other.lines.length === 0) return;
    const text = JSON.stringify(other.lines);
    this.#putAside([other, ...this.#aside.filter((one) => JSON.stringify(one.lines) !== text)]);
  }

  /** Takes the cart that was set aside, and sets the present one aside instead; or lets it go. */
  decide(take: boolean): void {
    const [other, ...rest] = this.#aside;
    if (!other) return;
    const present = this.#state;
    this.#putAside(take && present.lines.length > 0 ? [present, ...rest] : rest);
    if (take) this.#keep({ restaurant: other.restaurant, lines: other.lines });
  }

  /** Leaves nothing for the next person at this browser, and nothing to be sent. */
  forget(): void {
    this.#state = EMPTY_CART;
    this.#aside = [];
    this.asking = null;
    for (const store of [STORE, ASIDE, SEEN]) localStorage.removeItem(store);
  }

  /** Calls back after each change made here; returns the end of it. */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #putAside(next: CartState[]): void {
    this.#aside = next.slice(0, MOST_ASIDE);
    localStorage.setItem(ASIDE, JSON.stringify(this.#aside));
  }

  #keep(next: CartState): void {
    this.adopt({ ...next, changed_at: clock.now() });
    for (const changed of this.#listeners) changed();
  }
}

/** The cart. */
export const cart = new Cart();
