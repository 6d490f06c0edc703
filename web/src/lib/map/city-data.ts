// The vector map of a city, fetched once per page and shared by every map on it.

import { api } from '$lib/api/client';
import type { CityMapData } from '$lib/api/types';

const known = new Map<string, Promise<CityMapData>>();

/** The layers of a city; a failed fetch is forgotten so that it can be tried again. */
export function cityMap(cityId: string): Promise<CityMapData> {
  let data = known.get(cityId);
  if (!data) {
    data = api.get<CityMapData>(`/cities/${cityId}/map`);
    known.set(cityId, data);
    data.catch(() => known.delete(cityId));
  }
  return data;
}
