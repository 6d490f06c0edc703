// The heat map of a waiting rider: how dense each square is, and numbers that a person would say.

import type { Demand } from '$lib/api/types';
import type { MapArea, MapFocus } from '$lib/map/types';

/** Squares that expect at least something; the busiest one is the densest. */
export function heatAreas(demand: Pick<Demand, 'cells' | 'cell_degrees'>): MapArea[] {
  const busy = demand.cells.filter((cell) => cell.expected > 0);
  const most = Math.max(1, ...busy.map((cell) => cell.expected));
  return busy.map((cell) => ({ lat: cell.lat, lng: cell.lng, side: demand.cell_degrees, share: cell.expected / most }));
}

/** "4", "1–2": nobody expects 1.4 orders. */
export function perHalfHour(expected: number): string {
  const low = Math.floor(expected);
  if (expected - low < 0.25 && low > 0) return String(low);
  if (expected - low > 0.75) return String(low + 1);
  return low === 0 ? '1' : `${low}–${low + 1}`;
}

/** About eight hundred metres, in degrees of latitude. */
const AROUND = 0.007;

/** What a waiting rider should see: eight hundred metres around, and the better place. It moves when they do, by some streets. */
export function surroundings(here: { lat: number; lng: number }, better: { lat: number; lng: number } | null): MapFocus {
  const corners: [number, number][] = [[here.lat - AROUND, here.lng - AROUND], [here.lat + AROUND, here.lng + AROUND]];
  const where = [here, ...(better ? [better] : [])].map((one) => `${one.lat.toFixed(3)},${one.lng.toFixed(3)}`);
  return { key: where.join(';'), points: better ? [...corners, [better.lat, better.lng]] : corners };
}
