// Where the food should go: a saved address, or any point on the map for somebody without an account.
// It is kept in the browser, because minutes and fees mean nothing without it.

import { api } from '$lib/api/client';
import type { Address, City, Page, Serviceability } from '$lib/api/types';

/** A point to deliver to. `addressId` is set once it is a saved address of the person. */
export interface Place {
  label: string;
  line: string;
  lat: number;
  lng: number;
  addressId?: string;
}

/** The name that the form proposes, in each language, and what people write themselves. */
const HOMES: ReadonlySet<string> = new Set(['home', 'house', 'घर', 'வீடு']);
const STORE = 'dabba.storefront.place';

/** A saved address as a place. */
export function placeOf(address: Address): Place {
  const line = [address.line1, address.line2].filter(Boolean).join(', ');
  return { label: address.label, line, lat: address.lat, lng: address.lng, addressId: address.id };
}

/** A house only for what is called one: an office under a roof with a chimney is a small lie. */
export function placeIcon(label: string): 'home' | 'pin' {
  return HOMES.has(label.trim().toLowerCase()) ? 'home' : 'pin';
}

class Delivery {
  place = $state.raw<Place | null>(null);
  city = $state.raw<City | null>(null);
  /** False when the chosen point lies outside every zone; null while unknown. */
  served = $state<boolean | null>(null);

  constructor() {
    try {
      const text = localStorage.getItem(STORE);
      this.place = text ? (JSON.parse(text) as Place) : null;
    } catch {
      this.place = null;
    }
  }

  /** Finds the city: the one that serves the place, else the first. */
  async findCity(): Promise<City | null> {
    if (this.city) return this.city;
    const cities = (await api.get<Page<City>>('/cities', {}, { anonymous: true })).items;
    const answer = this.place ? await this.#check(this.place) : null;
    this.city = cities.find((city) => city.id === answer?.city_id) ?? cities[0] ?? null;
    return this.city;
  }

  /** Chooses a place and asks whether anybody delivers there. */
  choose(place: Place | null): void {
    this.place = place;
    this.served = null;
    if (place) localStorage.setItem(STORE, JSON.stringify(place));
    else localStorage.removeItem(STORE);
    if (place) void this.#check(place).catch(() => undefined);
  }

  /** Takes the person's first saved address where nothing was chosen yet: who has one should not be asked. */
  async adopt(customerId: string): Promise<void> {
    if (this.place) return;
    const page = await api.get<Page<Address>>(`/customers/${customerId}/addresses`);
    const first = page.items[0];
    if (first && !this.place) this.choose(placeOf(first));
  }

  /** Latitude and longitude as query values, or nothing. */
  get query(): { lat?: number; lng?: number } {
    return this.place ? { lat: this.place.lat, lng: this.place.lng } : {};
  }

  async #check(place: Place): Promise<Serviceability> {
    const answer = await api.get<Serviceability>('/serviceability', { lat: place.lat, lng: place.lng }, { anonymous: true });
    if (this.place === place) this.served = answer.serviceable;
    return answer;
  }
}

/** The place of this browser. */
export const delivery = new Delivery();
