// The one cart of this browser. It needs no account, outlives a reload, and belongs to one restaurant:
// adding from another asks first.

import { addLine, dishCount, EMPTY_CART, setQuantity, shownTotal, type CartLine, type CartRestaurant, type CartState } from './cart-lines';

const STORE = 'dabba.storefront.cart';

function read(): CartState {
  try {
    const text = localStorage.getItem(STORE);
    return text ? (JSON.parse(text) as CartState) : EMPTY_CART;
  } catch {
    return EMPTY_CART;
  }
}

class Cart {
  #state = $state.raw<CartState>(read());
  /** What waits for the answer to "replace the cart?". */
  asking = $state.raw<{ restaurant: CartRestaurant; lines: CartLine[] } | null>(null);

  constructor() {
    window.addEventListener('storage', (event) => {
      if (event.key === STORE) this.#state = read();
    });
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

  #keep(next: CartState): void {
    this.#state = next;
    localStorage.setItem(STORE, JSON.stringify(next));
  }
}

/** The cart. */
export const cart = new Cart();
