// One restaurant as seen from a door. The detail is the same for everybody; distance, fee and minutes depend on
// the door and come from the list, where the restaurant is looked up by its name.

import { api } from '$lib/api/client';
import type { Page, Restaurant, RestaurantDetail } from '$lib/api/types';

type Reach = Pick<Restaurant, 'distance_m' | 'delivery_fee_paise' | 'eta_low_s' | 'eta_high_s'>;

async function reach(restaurant: RestaurantDetail, door: { lat: number; lng: number }): Promise<Reach | null> {
  const query = { city: restaurant.city_id, q: restaurant.name, lat: door.lat, lng: door.lng, limit: 20 };
  const page = await api.get<Page<Restaurant>>('/restaurants', query, { anonymous: true }).catch(() => null);
  const found = page?.items.find((item) => item.id === restaurant.id);
  if (!found) return null;
  const { distance_m, delivery_fee_paise, eta_low_s, eta_high_s } = found;
  return { distance_m, delivery_fee_paise, eta_low_s, eta_high_s };
}

/** The restaurant, with the minutes to the door if one is chosen. */
export async function restaurantAt(id: string, door: { lat?: number; lng?: number }): Promise<RestaurantDetail> {
  const restaurant = await api.get<RestaurantDetail>(`/restaurants/${id}`, {}, { anonymous: true });
  if (door.lat === undefined || door.lng === undefined || restaurant.eta_low_s !== null) return restaurant;
  return { ...restaurant, ...(await reach(restaurant, { lat: door.lat, lng: door.lng })) };
}
