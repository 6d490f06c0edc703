// The live board of one city, kept fresh: fetched again soon after an event, and every 20 seconds because some trouble
// (a silent rider, a late kitchen) comes from nothing happening. Positions are applied as they arrive, in batches.

import { api } from '$lib/api/client';
import type { Courier, CourierEvent, LiveBoard, LiveException, LiveOrder } from '$lib/api/types';
import { Resource } from '$lib/load.svelte';
import { feed } from '../feed.svelte';

const EVERY_MS = 20_000;
const BATCH_MS = 300;

/** Puts positions into a list of couriers; couriers without news stay the same objects. */
export function moveCouriers(couriers: Courier[], moves: ReadonlyMap<string, CourierEvent>): Courier[] {
  return couriers.map((courier) => {
    const move = moves.get(courier.id);
    return move ? { ...courier, lat: move.lat, lng: move.lng, fix_at: move.at, state: move.state } : courier;
  });
}

class LiveStore {
  resource = new Resource<LiveBoard>();
  #moves = new Map<string, CourierEvent>();
  #batch: ReturnType<typeof setTimeout> | undefined;

  get board(): LiveBoard | undefined {
    return this.resource.data;
  }

  get exceptions(): LiveException[] {
    return this.board?.exceptions ?? [];
  }

  order(id: string | null): LiveOrder | undefined {
    return this.board?.orders.find((order) => order.id === id);
  }

  courier(id: string | null): Courier | undefined {
    return this.board?.couriers.find((courier) => courier.id === id);
  }

  /** Loads the board of a city and keeps it fresh until the returned function is called. */
  follow(slug: string | null): () => void {
    void this.resource.load(() => api.get<LiveBoard>('/real-time/live-orders', { city: slug }));
    const stopRefresh = feed.refresh(['order', 'offer', 'restaurant', 'courier_changed'], this.resource.reload);
    const stopMoves = feed.listen((event, data) => {
      if (event === 'courier') this.#move(data as CourierEvent);
    });
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.resource.reload();
    }, EVERY_MS);
    return () => {
      stopRefresh();
      stopMoves();
      clearInterval(timer);
      clearTimeout(this.#batch);
      this.#batch = undefined;
    };
  }

  #move(event: CourierEvent): void {
    this.#moves.set(event.courier_id, event);
    this.#batch ??= setTimeout(() => this.#apply(), BATCH_MS);
  }

  #apply(): void {
    this.#batch = undefined;
    const board = this.resource.data;
    if (!board) return;
    this.resource.data = { ...board, couriers: moveCouriers(board.couriers, this.#moves) };
    const unknown = [...this.#moves.values()].some((move) => move.state !== 'off' && !board.couriers.some((courier) => courier.id === move.courier_id));
    this.#moves.clear();
    if (unknown) void this.resource.reload();
  }
}

/** The board of this page. */
export const live = new LiveStore();
