// The part of a way that is still ahead of a rider: routes are fetched now and then, positions come every few
// seconds, and a line that trails behind the rider would tell the wrong story.

import type { LatLng, Point } from '$lib/api/types';

/** The points from the rider on; the way itself if the rider is not near it. */
export function ahead(points: Point[], rider: LatLng | null): Point[] {
  if (!rider || points.length < 2) return points;
  const squared = ([lat, lng]: Point): number => (lat - rider.lat) ** 2 + (lng - rider.lng) ** 2;
  let nearest = 0;
  for (const [index, point] of points.entries()) {
    if (squared(point) < squared(points[nearest] ?? point)) nearest = index;
  }
  const rest = points.slice(nearest);
  const passed = rest.length > 1 && behind(rest[0], rest[1], rider);
  return [[rider.lat, rider.lng], ...(passed ? rest.slice(1) : rest)];
}

/** Whether the rider has already left the first point towards the second. */
function behind(first: Point | undefined, second: Point | undefined, rider: LatLng): boolean {
  if (!first || !second) return false;
  return (rider.lat - first[0]) * (second[0] - first[0]) + (rider.lng - first[1]) * (second[1] - first[1]) > 0;
}
