// The vector map of a city, fetched once per page and shared by every map on it.

import { api } from '$lib/api/client';
import type { CityMapAnswer, CityMapData } from '$lib/api/types';

const known = new Map<string, Promise<CityMapData>>();

/** A city without a map is an empty one: pins and lines still have their places. */
function whole(answer: CityMapAnswer): CityMapData {
  const none = { bounds: null, roads: [], parks: [], water: [], blocks: [], places: [] };
  return { ...none, ...answer };
}

/** The layers of a city; a failed fetch is forgotten so that it can be tried again. */
export function cityMap(cityId: string): Promise<CityMapData> {
  let data = known.get(cityId);
  if (!data) {
    data = api.get<CityMapAnswer>(`/cities/${cityId}/map`).then(whole);
    known.set(cityId, data);
    data.catch(() => known.delete(cityId));
  }
  return data;
}
