// What a map shows, in the words of the screens; Leaflet stays behind CityMap.svelte.

import type { Point } from '$lib/api/types';

export type PinTone = 'leaf' | 'hot' | 'ink' | 'late' | 'off' | 'info';

export interface MapPin {
  id: string;
  lat: number;
  lng: number;
  kind: 'kitchen' | 'home' | 'rider' | 'dot' | 'place';
  /** The name for screen readers and the tooltip. */
  label: string;
  tone?: PinTone;
  /** Short text shown instead of the icon: "1", "H24". */
  badge?: string;
  selected?: boolean;
  /** For riders: time of the last fix; the marker greys when it is older than a minute. */
  fixAt?: string | null;
}

export interface MapLine {
  id: string;
  points: Point[];
  style: 'solid' | 'dotted';
  tone?: 'leaf' | 'ink' | 'hot';
}

/** A square of a heat map. */
export interface MapArea {
  /** Its middle. */
  lat: number;
  lng: number;
  /** Its side in degrees. */
  side: number;
  /** How dense, from 0 to 1. */
  share: number;
}

/** Points to look at; the map moves only when the key changes, not when the points do. */
export interface MapFocus {
  key: string;
  points: Point[];
}
