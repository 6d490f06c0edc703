// The orders of one kitchen and everything that keeps them true: the live stream, a slow poll beside it in case an
// event was lost, and the notices for orders that end without the kitchen. Screens read it and call its actions; an
// action returns true when the server agreed, and otherwise leaves its problem beside the order.

import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { api } from '$lib/api/client';
import type { Order, OrderEvent, OrderStatus, Page, Restaurant, RestaurantDetail, RestaurantEvent, StatusUpdate } from '$lib/api/types';
import { clock } from '$lib/clock';
import { Resource } from '$lib/load.svelte';
import { problemText } from '$lib/problem-text';
import { session } from '$lib/session.svelte';
import { LiveStream } from '$lib/sse.svelte';
import { groupBoard } from './board';
import { kept } from './kept.svelte';
import { noticeFor, type Notice } from './notices';

const CHOSEN = 'dabba.kitchen.restaurant';
const POLL_MS = 30_000;

class Kitchen {
  /** The kitchens this person may open. */
  places = new Resource<RestaurantDetail[]>();
  chosen = $state<string | null>(localStorage.getItem(CHOSEN));
  orders = new SvelteMap<string, Order>();
  /** The first load of the orders, for bones and errors. */
  first = new Resource<boolean>();
  notices = $state.raw<Notice[]>([]);
  busy = new SvelteSet<string>();
  problems = new SvelteMap<string, string>();
  /** Grows when the menu of the chosen kitchen changed. */
  menuVersion = $state(0);
  live = new LiveStream('/events', { onevent: (event, data) => this.#event(event, data), onback: () => void this.refresh() });
  #own = new Set<string>();
  #startedAt = clock.now();
  #fetching = new Set<string>();

  place = $derived(this.places.data?.find((one) => one.id === this.chosen) ?? this.places.data?.[0]);
  board = $derived(groupBoard(this.orders.values(), this.place?.id ?? null, kept.bumped));
  /** New orders of every kitchen this person watches; they all ring. */
  allFresh = $derived(groupBoard(this.orders.values(), null).fresh);

  /** Loads and stays live until the returned function is called. */
  start = (): (() => void) => {
    this.#startedAt = clock.now();
    void this.#open();
    const stopLive = this.live.start();
    const timer = setInterval(() => void this.refresh(), POLL_MS);
    return () => {
      stopLive();
      clearInterval(timer);
    };
  };

  choose(id: string): void {
    this.chosen = id;
    localStorage.setItem(CHOSEN, id);
    void this.first.load(() => this.#load());
  }

  async #open(): Promise<void> {
    const found = await this.places.load(() => this.#places());
    // A newer look at the kitchens has begun and goes on from here; without kitchens there would seem to be no orders.
    if (!found && !this.places.error) return;
    await this.first.load(() => this.#load());
  }

  async #places(): Promise<RestaurantDetail[]> {
    let ids = session.user?.restaurant_ids ?? [];
    if (session.user?.role === 'admin' && ids.length === 0) {
      const page = await api.get<Page<Restaurant>>('/restaurants', { limit: 100, sort: 'name' });
      ids = page.items.map((one) => one.id);
    }
    return Promise.all(ids.map((id) => api.get<RestaurantDetail>(`/restaurants/${id}`)));
  }

  /** An administrator watches the chosen kitchen only; everybody else all of their own. */
  #watched(): string[] {
    const all = this.places.data?.map((one) => one.id) ?? [];
    return session.user?.role === 'admin' ? all.filter((id) => id === this.place?.id) : all;
  }

  async #load(): Promise<boolean> {
    if (this.places.error && !this.places.data) throw this.places.error;
    const before = new Map(this.orders);
    const seen = new Set<string>();
    for (const restaurantId of this.#watched()) {
      let cursor: string | null = null;
      do {
        const page: Page<Order> = await api.get<Page<Order>>('/orders', { active: true, restaurant_id: restaurantId, limit: 100, cursor });
        for (const order of page.items) {
          seen.add(order.id);
          this.#put(order);
        }
        cursor = page.next_cursor;
      } while (cursor);
    }
    for (const [id, order] of before) if (!seen.has(id)) void this.#fetch(id, order.status);
    kept.prune(seen);
    return true;
  }

  /** Reads everything again without disturbing the screen. */
  refresh = async (): Promise<void> => {
    if (!this.places.data) return this.#open();
    await this.first.load(() => this.#load());
  };

  async reloadPlace(id: string): Promise<void> {
    const fresh = await api.get<RestaurantDetail>(`/restaurants/${id}`).catch(() => null);
    if (fresh) this.setPlace(fresh);
  }

  setPlace(place: RestaurantDetail): void {
    this.places.set((this.places.data ?? []).map((one) => (one.id === place.id ? { ...one, ...place } : one)));
  }

  #event(event: string, data: unknown): void {
    if (event === 'order') {
      const told = data as OrderEvent;
      const known = this.orders.get(told.order_id);
      const mine = this.#watched().includes(told.restaurant_id);
      // `what` tells of a change that is no step of the order: a rider came, a promise moved. The version stays then.
      if (mine && (!known || told.what || known.version < told.version)) void this.#fetch(told.order_id, known?.status);
    } else if (event === 'restaurant' || event === 'menu') {
      const { restaurant_id } = data as RestaurantEvent;
      if (event === 'menu' && restaurant_id === this.place?.id) this.menuVersion += 1;
      if (event === 'restaurant') void this.reloadPlace(restaurant_id);
    }
  }

  async #fetch(id: string, before: OrderStatus | undefined): Promise<void> {
    if (this.#fetching.has(id)) return;
    this.#fetching.add(id);
    try {
      this.#put(await api.get<Order>(`/orders/${id}`), before);
    } catch {
      // The poll looks again; a screen must not change because one look failed.
    } finally {
      this.#fetching.delete(id);
    }
  }

  /** Takes an order in, newer versions over older ones, and notes how it ended. */
  #put(order: Order, before = this.orders.get(order.id)?.status): void {
    const known = this.orders.get(order.id);
    if (known && known.version > order.version) return;
    const ended = ['delivered', 'rejected', 'cancelled', 'failed'].includes(order.status);
    if (!ended) {
      this.orders.set(order.id, order);
      return;
    }
    this.orders.delete(order.id);
    const notice = before && !this.#own.has(order.id) ? noticeFor(order, before) : null;
    if (notice && !this.notices.some((one) => one.id === notice.id)) this.notices = [notice, ...this.notices];
  }

  dismiss(id: string): void {
    this.notices = this.notices.filter((one) => one.id !== id);
  }

  async #act(order: Order, work: () => Promise<Order>): Promise<boolean> {
    this.busy.add(order.id);
    this.problems.delete(order.id);
    try {
      this.#put(await work());
      return true;
    } catch (error) {
      this.problems.set(order.id, problemText(error));
      void this.#fetch(order.id, order.status);
      return false;
    } finally {
      this.busy.delete(order.id);
    }
  }

  #update(order: Order, update: StatusUpdate): Promise<boolean> {
    return this.#act(order, () => api.post<Order>(`/real-time/update-order-status/${order.id}`, update));
  }

  accept(order: Order, prepMinutes: number): Promise<boolean> {
    return this.#update(order, { status: 'accepted', prep_minutes: prepMinutes });
  }

  reject(order: Order, reason: string): Promise<boolean> {
    this.#own.add(order.id);
    return this.#update(order, { status: 'rejected', reason });
  }

  ready(order: Order): Promise<boolean> {
    return this.#update(order, { status: 'ready' });
  }

  delay(order: Order, more: 5 | 10 | 20): Promise<boolean> {
    return this.#act(order, () => api.post<Order>(`/orders/${order.id}/delay`, { minutes: more }));
  }

  /** Ticks a line; the first tick of an order says that cooking has begun. */
  tick(order: Order, line: number): void {
    const ticked = kept.toggle(order.id, line);
    if (ticked && order.allowed.includes('preparing')) void this.#update(order, { status: 'preparing' });
  }

  /** How long the link has been lost, in milliseconds; 0 while it is good. Pings come every 15 seconds. */
  lostFor(now: number, online: boolean): number {
    if (this.live.state === 'live' && online) return Math.max(0, now - this.live.lastAt - 20_000);
    return Math.max(0, now - Math.max(this.live.lastAt, this.#startedAt));
  }
}

/** The kitchen of this page. */
export const kitchen = new Kitchen();
