// Which city the console looks at. The choice is kept in this browser; with one city there is nothing to choose.

import { api } from '$lib/api/client';
import type { City, Page } from '$lib/api/types';

const STORE = 'dabba.ops.city';

class CityChoice {
  all = $state.raw<City[]>([]);
  slug = $state<string | null>(localStorage.getItem(STORE));

  /** The chosen city, or the first one. Undefined until the list has come. */
  get city(): City | undefined {
    return this.all.find((city) => city.slug === this.slug) ?? this.all[0];
  }

  async load(): Promise<void> {
    const answer = await api.get<Page<City>>('/cities').catch(() => null);
    if (answer) this.all = answer.items;
  }

  choose(slug: string): void {
    this.slug = slug;
    localStorage.setItem(STORE, slug);
  }
}

export const cityChoice = new CityChoice();
