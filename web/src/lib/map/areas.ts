// Squares of a heat map, below pins and lines: the more is expected, the denser the colour. One colour, so that the
// density alone speaks; the figures stand in the list beside the map.

import * as L from 'leaflet';
import { tokenColour } from './layers';
import type { MapArea } from './types';

/** The densest a square gets: streets and names stay readable below it. */
const DENSEST = 0.42;
const FAINTEST = 0.08;

export class AreaLayer {
  #map: L.Map;
  #probe: HTMLElement;
  #canvas: L.Renderer;
  #shown: L.Rectangle[] = [];
  #areas: MapArea[] = [];

  constructor(map: L.Map, probe: HTMLElement) {
    this.#map = map;
    this.#probe = probe;
    map.createPane('heat').style.zIndex = '410';
    this.#canvas = L.canvas({ pane: 'heat', padding: 0.4 });
  }

  /** Makes the map show exactly these squares. */
  set(areas: MapArea[]): void {
    if (areas === this.#areas) return;
    this.#areas = areas;
    this.paint();
  }

  /** Draws them anew, in the colours of the theme. */
  paint(): void {
    for (const old of this.#shown) old.remove();
    const colour = tokenColour(this.#probe, '--hot');
    this.#shown = this.#areas.map((area) => {
      const half = area.side / 2;
      const bounds = L.latLngBounds([area.lat - half, area.lng - half], [area.lat + half, area.lng + half]);
      const fillOpacity = FAINTEST + (DENSEST - FAINTEST) * Math.min(1, Math.max(0, area.share));
      return L.rectangle(bounds, { renderer: this.#canvas, interactive: false, stroke: false, fillColor: colour, fillOpacity }).addTo(this.#map);
    });
  }
}
