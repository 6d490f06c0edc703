// What one rider sees: who they are, their jobs, their offers, and the outbox between them and the server. The last
// known state is kept on the phone so that the face opens without network in the middle of a job. What the screens
// read (`jobs`, `onShift`) is the server's word with the actions on top that are still on the phone.

import { SvelteMap } from 'svelte/reactivity';
import { api, asProblem } from '$lib/api/client';
import type { Courier, Offer, OfferEvent, Order, OrderEvent, OrderRoute, Page } from '$lib/api/types';
import { clock } from '$lib/clock';
import { Resource } from '$lib/load.svelte';
import { network } from '$lib/online.svelte';
import { session } from '$lib/session.svelte';
import { LiveStream } from '$lib/sse.svelte';
import { isOpen } from '$lib/ui/order-status';
import { sameCounter, sortJobs } from './jobs';
import { forget, recall, remember } from './kept';
import { Outbox } from './outbox/outbox.svelte';
import { alreadyDone, isOnShift, withPending, type Draft, type Entry } from './outbox/queue';
import { openStore } from './outbox/store';

const POLL_MS = 20_000;
const SOON_MS = 1_000;
const CHECKING_MS = 1_500;

/** An order that was taken away while it was on the phone. */
export interface Lost {
  id: string;
  number: string;
  why: 'moved' | 'cancelled';
  hadBag: boolean;
}

class Rider {
  me = $state.raw<Courier | null>(null);
  orders = new SvelteMap<string, Order>();
  offers = $state.raw<Offer[]>([]);
  routes = new SvelteMap<string, OrderRoute>();
  lost = $state.raw<Lost[]>([]);
  first = new Resource<boolean>();
  /** The job the rider has put in front; otherwise the first one. */
  chosen = $state<string | null>(null);
  /** An order whose code is being checked right now: it stays on the screen for a moment. */
  checking = $state<string | null>(null);
  outbox = new Outbox({
    store: openStore,
    send: (entry) => this.#send(entry),
    onsent: (entry, answer) => this.#sent(entry, answer),
    now: () => clock.now(),
    newId: () => crypto.randomUUID(),
    alone: async (work) => ('locks' in navigator ? navigator.locks.request('dabba.rider.outbox', work) : work()),
  });
  live = new LiveStream('/events', { onevent: (event, data) => this.#event(event, data), onback: () => void this.#round() });

  #soon: ReturnType<typeof setTimeout> | undefined;

  onShift = $derived(isOnShift(this.me, this.outbox.entries));
  jobs = $derived(sortJobs([...this.orders.values()].map((order) => (order.id === this.checking ? order : withPending(order, this.outbox.entries)))));
  job = $derived(this.jobs.find((order) => order.id === this.chosen) ?? this.jobs[0]);

  get courierId(): string {
    return session.user?.courier_id ?? '';
  }

  /** Opens the kept state, the outbox and the live stream until the returned function is called. */
  start = (): (() => void) => {
    this.#restore();
    void this.outbox.open(this.courierId);
    void this.refresh();
    const stopLive = this.live.start();
    const timer = setInterval(() => void this.#round(), POLL_MS);
    const back = (): void => void this.#round();
    const seen = (): void => {
      if (document.visibilityState === 'visible') void this.#round();
    };
    window.addEventListener('online', back);
    document.addEventListener('visibilitychange', seen);
    return () => {
      stopLive();
      clearInterval(timer);
      clearTimeout(this.#soon);
      window.removeEventListener('online', back);
      document.removeEventListener('visibilitychange', seen);
      this.#clear();
    };
  };

  /** First what is on the phone goes out, then the server's word comes in. Browsers say "online" before the line really
      carries: after a failure it is tried again soon, and then less and less soon. */
  async #round(again = SOON_MS): Promise<void> {
    await this.outbox.flush();
    clearTimeout(this.#soon);
    if (this.outbox.trouble === 'network' && network.online && again < POLL_MS) this.#soon = setTimeout(() => void this.#round(again * 2), again);
    await this.refresh();
  }

  refresh = async (): Promise<void> => {
    await this.first.load(() => this.#load());
  };

  async #load(): Promise<boolean> {
    const id = this.courierId;
    const [me, orders, offers] = await Promise.all([
      api.get<Courier>(`/couriers/${id}`),
      api.get<Page<Order>>('/orders', { active: true, limit: 50 }),
      api.get<Page<Offer>>(`/couriers/${id}/offers`),
    ]);
    this.me = me;
    this.offers = offers.items;
    const seen = new Set(orders.items.map((order) => order.id));
    for (const order of orders.items) this.put(order);
    for (const order of [...this.orders.values()]) if (!seen.has(order.id)) await this.#look(order.id);
    this.#save();
    return true;
  }

  /** Looks at one order; one that is not ours any more is gone with a word about it. */
  async #look(id: string): Promise<void> {
    try {
      this.put(await api.get<Order>(`/orders/${id}`));
    } catch (error) {
      const known = this.orders.get(id);
      if (!known || ![403, 404].includes(asProblem(error).status)) return;
      this.#drop(known, 'moved');
    }
    this.#save();
  }

  /** Takes an order in: newer over older, ended ones out. */
  put(order: Order): void {
    const known = this.orders.get(order.id);
    if (known && known.version > order.version) return;
    if (isOpen(order.status) && order.courier?.id !== this.courierId) {
      if (known) this.#drop(known, 'moved');
      return;
    }
    if (isOpen(order.status)) {
      this.orders.set(order.id, order);
      if (!this.routes.has(order.id)) void this.#route(order.id);
      return;
    }
    if (known && (order.status === 'cancelled' || order.status === 'rejected')) this.#drop(known, 'cancelled');
    this.orders.delete(order.id);
    this.routes.delete(order.id);
  }

  #drop(order: Order, why: Lost['why']): void {
    this.orders.delete(order.id);
    this.routes.delete(order.id);
    const hadBag = order.status === 'picked_up';
    if (!this.lost.some((one) => one.id === order.id)) this.lost = [...this.lost, { id: order.id, number: order.number, why, hadBag }];
  }

  async #route(id: string): Promise<void> {
    const route = await api.get<OrderRoute>(`/orders/${id}/route`).catch(() => null);
    if (!route) return;
    this.routes.set(id, route);
    this.#save();
  }

  #event(event: string, data: unknown): void {
    if (event === 'offer') {
      const told = data as OfferEvent;
      if (told.state !== 'made') this.offers = this.offers.filter((offer) => offer.id !== told.offer_id);
      void this.refresh();
    } else if (event === 'order') {
      const told = data as OrderEvent;
      const known = this.orders.get(told.order_id);
      // `what` tells of a change that is no step of the order, such as another rider: the version stays then.
      if (known ? told.what || known.version < told.version : told.courier_id === this.courierId) void this.#look(told.order_id);
    }
  }

  /** Sends one saved action. An order that already stands where the action wanted it counts as sent. */
  async #send(entry: Entry): Promise<unknown> {
    try {
      return await api.post<unknown>(entry.path, entry.body, { headers: { 'idempotency-key': entry.id, 'dabba-action-at': entry.at } });
    } catch (error) {
      if (asProblem(error).status !== 409 || entry.order_id === null) throw error;
      const order = await api.get<Order>(`/orders/${entry.order_id}`).catch(() => null);
      if (order && alreadyDone(entry, order)) return order;
      if (order) this.put(order);
      throw error;
    }
  }

  #sent(entry: Entry, answer: unknown): void {
    if (entry.order_id === null) this.me = answer as Courier;
    else if (answer) this.put(answer as Order);
    if (entry.kind === 'picked_up' && entry.order_id) void this.#route(entry.order_id);
    this.#save();
  }

  shift(on: boolean): Promise<Entry> {
    return this.outbox.add({ kind: on ? 'shift_on' : 'shift_off', path: `/couriers/${this.courierId}/shift`, body: { on }, order_id: null, number: null });
  }

  #act(order: Order, kind: Draft['kind'], path: string, body: Record<string, unknown>): Promise<Entry> {
    return this.outbox.add({ kind, path, body, order_id: order.id, number: order.number });
  }

  /** At the counter, for every bag that is to be fetched there. */
  async arrive(order: Order): Promise<void> {
    for (const job of sameCounter(this.jobs, order)) await this.#act(job, 'arrive', `/orders/${job.id}/arrive`, {});
  }

  /** From here the work leads on by itself: to the next bag at the counter, before any door. */
  pickUp(order: Order): Promise<Entry> {
    this.chosen = null;
    return this.#act(order, 'picked_up', `/real-time/update-order-status/${order.id}`, { status: 'picked_up' });
  }

  fail(order: Order, reason: string): Promise<Entry> {
    return this.#act(order, 'failed', `/real-time/update-order-status/${order.id}`, { status: 'failed', reason });
  }

  /** Delivers with the code. With network it waits a moment for the server's word on the code, and no longer. */
  async deliver(order: Order, code: string): Promise<'sent' | 'saved' | 'refused'> {
    if (network.online) this.checking = order.id;
    const entry = await this.#act(order, 'delivered', `/real-time/update-order-status/${order.id}`, { status: 'delivered', code });
    if (network.online) await Promise.race([this.outbox.settled(entry.id), new Promise((done) => setTimeout(done, CHECKING_MS))]);
    this.checking = null;
    const state = this.outbox.entries.find((one) => one.id === entry.id)?.state;
    return state === 'refused' ? 'refused' : state === 'waiting' ? 'saved' : 'sent';
  }

  /** A break of so many minutes, or its end. It needs the server's word, because offers are kept away there. */
  async rest(minutes: number | null): Promise<void> {
    this.me = await api.post<Courier>(`/couriers/${this.courierId}/break`, { minutes });
    this.#save();
  }

  /** An offer needs the server's word, because another rider may be faster; so it does not go through the outbox. What
      pays less than was seen is not taken: an order left it, and the rest is shown first. */
  async accept(offer: Offer): Promise<void> {
    try {
      const order = await api.post<Order>(`/offers/${offer.id}/accept`, {}, { query: { pay_paise: offer.pay_paise }, headers: { 'idempotency-key': offer.id } });
      this.offers = this.offers.filter((one) => one.id !== offer.id);
      this.chosen = null;
      this.put(order);
      this.#save();
      if (offer.orders.length + offer.joins.length > 1) await this.refresh();
    } catch (error) {
      if (!asProblem(error).offline) void this.refresh();
      throw error;
    }
  }

  async decline(offer: Offer): Promise<void> {
    this.offers = this.offers.filter((one) => one.id !== offer.id);
    await api.post(`/offers/${offer.id}/decline`).catch(() => undefined);
  }

  /** Takes an offer from the screen when its time is up. */
  expire(offer: Offer): void {
    this.offers = this.offers.filter((one) => one.id !== offer.id);
  }

  read(lost: Lost): void {
    this.lost = this.lost.filter((one) => one.id !== lost.id);
  }

  #save(): void {
    remember(this.courierId, { me: this.me, orders: [...this.orders.values()], routes: [...this.routes.entries()] });
  }

  #restore(): void {
    const kept = recall(this.courierId);
    this.me = kept?.me ?? null;
    for (const order of kept?.orders ?? []) this.orders.set(order.id, order);
    for (const [id, route] of kept?.routes ?? []) this.routes.set(id, route);
  }

  /** After a log-out nothing of this rider stays on the screen; the outbox stays on the phone. */
  #clear(): void {
    if (!session.user) forget();
    this.me = null;
    this.offers = [];
    this.lost = [];
    this.orders.clear();
    this.routes.clear();
    this.first.clear();
    this.outbox.entries = [];
  }
}

/** The rider of this phone. */
export const rider = new Rider();
