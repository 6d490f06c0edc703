// The live board of one city, kept fresh: fetched again soon after an event, and when the next trouble is due that comes
// from nothing happening (a silent rider, a late kitchen), at the latest after 20 seconds. Positions are applied as they
// arrive, in batches.

import { api } from '$lib/api/client';
import type { Courier, CourierEvent, LiveBoard, LiveException, LiveOrder } from '$lib/api/types';
import { clock } from '$lib/clock';
import { Resource } from '$lib/load.svelte';
import { feed } from '../feed.svelte';

const LONGEST_MS = 20_000;
/** The server keeps a board for two seconds at least. */
const SHORTEST_MS = 2_500;
/** Asked a little after the moment, because clocks differ. */
const AFTER_MS = 700;
const BATCH_MS = 300;

/** Puts positions into a list of couriers; couriers without news stay the same objects. */
export function moveCouriers(couriers: Courier[], moves: ReadonlyMap<string, CourierEvent>): Courier[] {
  return couriers.map((courier) => {
    const move = moves.get(courier.id);
    return move ? { ...courier, lat: move.lat, lng: move.lng, fix_at: move.at, state: move.state } : courier;
  });
}

/** How long to wait before a board is fetched again, if no event comes. */
export function restMs(nextExceptionAt: string | null | undefined, now: number): number {
  if (!nextExceptionAt) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Date.parse(nextExceptionAt) - now + AFTER_MS));
}

class LiveStore {
  resource = new Resource<LiveBoard>();
  #moves = new Map<string, CourierEvent>();
  #batch: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #followed = false;

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
    this.#followed = true;
    void this.resource.load(() => this.#fetch(slug));
    const stopRefresh = feed.refresh(['order', 'offer', 'restaurant', 'courier_changed'], this.resource.reload);
    const stopMoves = feed.listen((event, data) => {
      if (event === 'courier') this.#move(data as CourierEvent);
    });
    return () => {
      stopRefresh();
      stopMoves();
      this.#followed = false;
      clearTimeout(this.#rest);
      clearTimeout(this.#batch);
      this.#batch = undefined;
    };
  }

  async #fetch(slug: string | null): Promise<LiveBoard> {
    let next: string | null | undefined;
    try {
      const board = await api.get<LiveBoard>('/real-time/live-orders', { city: slug });
      next = board.next_exception_at;
      return board;
    } finally {
      this.#restUntil(next);
    }
  }

  #restUntil(next: string | null | undefined): void {
    clearTimeout(this.#rest);
    if (!this.#followed) return;
    this.#rest = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.resource.reload();
      else this.#restUntil(next);
    }, restMs(next, clock.now()));
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
