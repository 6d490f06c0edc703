// From cart to order: the quote that follows every change, the price that may move, the one order at the end.
// The bill shown is always the server's; this class only decides when to ask for it again.

import { api, asProblem, type ApiProblem } from '$lib/api/client';
import type { PaymentMethod, PlacedOrder, Quote, QuoteChange } from '$lib/api/types';
import { clock } from '$lib/clock';
import { attemptKey, endAttempt, mayRepeat } from './attempt';
import { requestLines } from './cart-lines';
import { cart } from './cart.svelte';
import { preferences } from './preferences.svelte';

const METHOD = 'dabba.storefront.method';

function lastMethod(): PaymentMethod | null {
  const kept = localStorage.getItem(METHOD);
  return kept === 'cod' || kept === 'sandbox' ? kept : null;
}

/** What differs between two quotes, charge by charge. */
export function quoteChanges(before: Quote, after: Quote): QuoteChange[] {
  const changes = after.charges.flatMap((charge) => {
    const old = before.charges.find((one) => one.code === charge.code)?.amount_paise ?? 0;
    return old === charge.amount_paise ? [] : [{ code: charge.code as string, from_paise: old, to_paise: charge.amount_paise }];
  });
  for (const line of after.lines) {
    const old = before.lines.find((one) => one.item_id === line.item_id && one.options.join() === line.options.join());
    if (old && old.unit_paise !== line.unit_paise) changes.push({ code: line.name, from_paise: old.unit_paise, to_paise: line.unit_paise });
  }
  return changes;
}

export class Checkout {
  addressId = $state<string | null>(null);
  tip = $state(preferences.all?.default_tip_paise ?? 0);
  method = $state<PaymentMethod | null>(lastMethod());
  /** Ask the test gateway to refuse, to see what a failed payment does. */
  decline = $state(false);
  note = $state('');
  quote = $state.raw<Quote | null>(null);
  quoting = $state(false);
  quoteProblem = $state.raw<ApiProblem | null>(null);
  /** A price that moved since it was first shown; it has to be accepted on the button. */
  changes = $state.raw<QuoteChange[]>([]);
  before = $state<number | null>(null);
  placing = $state(false);
  placeProblem = $state.raw<ApiProblem | null>(null);
  #round = 0;

  /** Asks for the bill of the present cart. `moved` compares it with the one shown before. */
  async ask(moved = false): Promise<void> {
    const restaurant = cart.restaurant;
    if (!restaurant || cart.lines.length === 0 || !this.addressId) return;
    const round = ++this.#round;
    this.quoting = true;
    try {
      const body = { restaurant_id: restaurant.id, lines: requestLines(cart.lines), address_id: this.addressId, tip_paise: this.tip };
      const quote = await api.post<Quote>('/quotes', body);
      if (round !== this.#round) return;
      if (moved && this.quote) this.#moved(this.quote, quote, quoteChanges(this.quote, quote));
      else this.#calm();
      this.quote = quote;
      this.quoteProblem = null;
    } catch (error) {
      if (round !== this.#round) return;
      this.quoteProblem = asProblem(error);
      if (!this.quoteProblem.offline) this.quote = null;
    } finally {
      if (round === this.#round) this.quoting = false;
    }
  }

  /** Whether the price is not held any more. */
  expired(now: number): boolean {
    return this.quote !== null && Date.parse(this.quote.expires_at) <= now;
  }

  choose(method: PaymentMethod): void {
    this.method = method;
    this.placeProblem = null;
    localStorage.setItem(METHOD, method);
  }

  /** Places the order once; null when it could not be placed, and then everything is kept. */
  async place(): Promise<PlacedOrder | null> {
    if (!this.quote || !this.method || this.placing) return null;
    if (this.expired(clock.now())) {
      await this.ask(true);
      if (this.changes.length > 0 || !this.quote) return null;
    }
    this.placing = true;
    this.placeProblem = null;
    try {
      const order = await this.#send(this.quote, this.method);
      endAttempt();
      cart.clear();
      return order;
    } catch (error) {
      this.#refused(asProblem(error));
      return null;
    } finally {
      this.placing = false;
    }
  }

  #send(quote: Quote, method: PaymentMethod): Promise<PlacedOrder> {
    const body = { quote_id: quote.id, payment: method === 'sandbox' && this.decline ? { method, token: 'decline' } : { method }, ...(this.note.trim() ? { note: this.note.trim() } : {}) };
    return api.post<PlacedOrder>('/orders', body, { headers: { 'idempotency-key': attemptKey(quote.id, `${method}${this.decline ? '-declined' : ''}`) } });
  }

  #refused(problem: ApiProblem): void {
    if (!mayRepeat(problem.status)) endAttempt();
    if (problem.code === 'quote-changed' && problem.body['quote'] && this.quote) {
      const next = problem.body['quote'] as Quote;
      this.#moved(this.quote, next, (problem.body['changes'] as QuoteChange[] | undefined) ?? quoteChanges(this.quote, next));
      this.quote = next;
      return;
    }
    if (problem.code === 'quote-expired') {
      void this.ask(true);
      return;
    }
    if (['item-unavailable', 'restaurant-closed', 'outside-zone'].includes(problem.code)) this.quoteProblem = problem;
    else this.placeProblem = problem;
  }

  #moved(old: Quote, next: Quote, changes: QuoteChange[]): void {
    if (old.total_paise === next.total_paise) return;
    this.changes = changes;
    this.before = old.total_paise;
  }

  #calm(): void {
    this.changes = [];
    this.before = null;
  }
}
