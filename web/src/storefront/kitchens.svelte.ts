// The list of kitchens for the home screen: what the server can filter it filters, the two thresholds it does not know
// ("under 30 min", "4.0 and up") are applied here over as many pages as it takes to fill the screen.

import { api, asProblem, type ApiProblem } from '$lib/api/client';
import type { Page, Restaurant } from '$lib/api/types';
import { vegOn } from './veg';

export type Sort = 'soonest' | 'rating' | 'price';

export interface Filters {
  q: string;
  veg: boolean;
  quick: boolean;
  rated: boolean;
  cheap: boolean;
  open: boolean;
  sort: Sort;
}

export type FilterName = 'q' | 'veg' | 'quick' | 'rated' | 'cheap' | 'open';

const PAGE = 24;
const ENOUGH = 8;
const QUICK_S = 30 * 60;
const RATED = 4;
const CHEAP_PAISE = 30_000;
const BONES_AFTER_MS = 150;

/** Reads the filters from the address; of veg only, what it does not say is what the person prefers. */
export function filtersFrom(query: URLSearchParams, prefersVeg = false): Filters {
  const sort = query.get('sort');
  return {
    q: query.get('q') ?? '',
    veg: vegOn(query, prefersVeg),
    quick: query.has('quick'),
    rated: query.has('rated'),
    cheap: query.has('cheap'),
    open: query.has('open'),
    sort: sort === 'rating' || sort === 'price' ? sort : 'soonest',
  };
}

/** The order of the list: by minutes to the door only where the door is known. */
export function sortOf(filters: Pick<Filters, 'sort'>, placed: boolean): Sort {
  return !placed && filters.sort === 'soonest' ? 'rating' : filters.sort;
}

/** The filters that are on, in the order in which they would be dropped. */
export function activeFilters(filters: Filters): FilterName[] {
  return (['quick', 'cheap', 'rated', 'open', 'veg', 'q'] as const).filter((name) => Boolean(filters[name]));
}

/** Whether a kitchen passes the thresholds that the server does not know. */
export function passes(kitchen: Restaurant, filters: Filters): boolean {
  if (filters.quick && (kitchen.eta_high_s === null || kitchen.eta_high_s > QUICK_S)) return false;
  if (filters.rated && (kitchen.rating ?? 0) < RATED) return false;
  return !filters.cheap || (kitchen.price_for_two_paise !== null && kitchen.price_for_two_paise <= CHEAP_PAISE);
}

interface Where {
  city: string | undefined;
  lat?: number;
  lng?: number;
}

export class Kitchens {
  all = $state.raw<Restaurant[]>([]);
  filters = $state.raw<Filters>(filtersFrom(new URLSearchParams()));
  next = $state.raw<string | null>(null);
  error = $state.raw<ApiProblem | undefined>();
  state = $state<'first' | 'ready' | 'more' | 'again'>('first');
  slow = $state(false);
  shown = $derived(this.all.filter((kitchen) => passes(kitchen, this.filters)));
  #where: Where = { city: undefined };
  #round = 0;

  /** Starts over with other filters or another place; what is shown stays until the answer is there. */
  async start(where: Where, filters: Filters): Promise<void> {
    const round = ++this.#round;
    this.#where = where;
    const timer = setTimeout(() => (this.slow = round === this.#round && this.state === 'first'), BONES_AFTER_MS);
    if (this.state !== 'first') this.state = 'again';
    try {
      const page = await this.#page(filters, null);
      if (round !== this.#round) return;
      this.filters = filters;
      this.all = page.items;
      this.next = page.next_cursor;
      this.error = undefined;
      this.state = 'ready';
      await this.#fill(round);
    } catch (error) {
      if (round === this.#round) this.error = asProblem(error);
    } finally {
      clearTimeout(timer);
      if (round === this.#round) this.slow = false;
    }
  }

  /** The next page, if there is one. */
  async more(): Promise<void> {
    if (this.state !== 'ready' || !this.next) return;
    const round = this.#round;
    this.state = 'more';
    try {
      const page = await this.#page(this.filters, this.next);
      if (round !== this.#round) return;
      const known = new Set(this.all.map((kitchen) => kitchen.id));
      this.all = [...this.all, ...page.items.filter((kitchen) => !known.has(kitchen.id))];
      this.next = page.next_cursor;
    } catch (error) {
      if (round === this.#round) this.error = asProblem(error);
    } finally {
      if (round === this.#round) this.state = 'ready';
    }
  }

  /** How many of the loaded kitchens would be shown without one filter. */
  without(name: FilterName): number {
    const fewer = { ...this.filters, [name]: name === 'q' ? '' : false };
    return this.all.filter((kitchen) => passes(kitchen, fewer)).length;
  }

  async #fill(round: number): Promise<void> {
    while (round === this.#round && this.next && this.shown.length < ENOUGH && !this.error) await this.more();
  }

  #page(filters: Filters, cursor: string | null): Promise<Page<Restaurant>> {
    return api.get<Page<Restaurant>>(
      '/restaurants',
      {
        ...this.#where,
        q: filters.q,
        veg: filters.veg || null,
        open_now: filters.open || null,
        sort: sortOf(filters, this.#where.lat !== undefined),
        limit: PAGE,
        cursor,
      },
      { anonymous: true },
    );
  }
}
