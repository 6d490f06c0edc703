// The drawn town: land, blocks, water, parks, road casings, roads and names, on one Leaflet canvas.
// Colours come from the tokens through a probe element, because a canvas cannot read CSS variables;
// widths grow with the zoom so that a road keeps its share of the ground.

import * as L from 'leaflet';
import type { CityMapData } from '$lib/api/types';

type Road = CityMapData['roads'][number];

interface Widths {
  major: number;
  street: number;
  lane: number;
}

const NAMES_FROM_ZOOM = 15;
const STREET_NAMES_FROM_ZOOM = 17;
const LETTER_PX = 7.5;

/** The colour a token has now, as a canvas understands it. */
export function tokenColour(probe: HTMLElement, token: string): string {
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
}

function widthsAt(zoom: number): Widths {
  const grow = 2 ** (zoom - 16);
  return { major: Math.max(4, 13 * grow), street: Math.max(2, 8 * grow), lane: Math.max(1.2, 5.5 * grow) };
}

function lines(roads: Road[], kind: Road['kind']): L.LatLngExpression[][] {
  return roads.filter((road) => road.kind === kind).map((road) => road.points);
}

/** The base map of one city on one Leaflet map. */
export class TownLayers {
  #map: L.Map;
  #probe: HTMLElement;
  #data: CityMapData;
  #canvas = L.canvas({ padding: 0.4 });
  #areas: { layer: L.Polygon; token: string }[] = [];
  #roads: { layer: L.Polyline; token: string; width: (widths: Widths) => number }[] = [];
  #names = L.layerGroup();
  #taken: L.Bounds[] = [];

  constructor(map: L.Map, data: CityMapData, probe: HTMLElement) {
    this.#map = map;
    this.#probe = probe;
    this.#data = data;
    this.#area(data.blocks, '--m-block');
    this.#area(data.parks.map((park) => park.polygon), '--m-park');
    this.#area(data.water.map((water) => water.polygon), '--m-water');
    this.#road('street', '--m-case', (widths) => widths.street + 1.5);
    this.#road('lane', '--m-road', (widths) => widths.lane);
    this.#road('street', '--m-road', (widths) => widths.street);
    this.#road('arterial', '--m-case', (widths) => widths.major + 3);
    this.#road('arterial', '--m-major', (widths) => widths.major);
    this.#names.addTo(map);
    map.on('zoomend', this.#zoomed);
    this.paint();
    this.#zoomed();
  }

  /** Takes the colours of the present theme. */
  paint(): void {
    for (const { layer, token } of this.#areas) layer.setStyle({ fillColor: tokenColour(this.#probe, token) });
    for (const { layer, token } of this.#roads) layer.setStyle({ color: tokenColour(this.#probe, token) });
  }

  #area(polygons: L.LatLngExpression[][], token: string): void {
    if (polygons.length === 0) return;
    const shapes = polygons.map((polygon) => [polygon]);
    const layer = L.polygon(shapes, { renderer: this.#canvas, stroke: false, fillOpacity: 1, interactive: false });
    layer.addTo(this.#map);
    this.#areas.push({ layer, token });
  }

  #road(kind: Road['kind'], token: string, width: (widths: Widths) => number): void {
    const layer = L.polyline(lines(this.#data.roads, kind), {
      renderer: this.#canvas, interactive: false, lineCap: 'round', lineJoin: 'round', smoothFactor: 0.5,
    });
    layer.addTo(this.#map);
    this.#roads.push({ layer, token, width });
  }

  #zoomed = (): void => {
    const zoom = this.#map.getZoom();
    const widths = widthsAt(zoom);
    for (const { layer, width } of this.#roads) layer.setStyle({ weight: width(widths) });
    this.#nameThings(zoom);
  };

  #nameThings(zoom: number): void {
    this.#names.clearLayers();
    this.#taken = [];
    if (zoom < NAMES_FROM_ZOOM) {
      for (const place of this.#data.places) this.#name(place.name, [place.lat, place.lng], 'place');
      return;
    }
    for (const area of [...this.#data.parks, ...this.#data.water]) {
      this.#name(area.name, L.latLngBounds(area.polygon).getCenter(), 'area');
    }
    const named = new Set<string>();
    for (const road of this.#data.roads) {
      const wanted = road.kind === 'arterial' || (road.kind === 'street' && zoom >= STREET_NAMES_FROM_ZOOM);
      const middle = road.points[Math.floor(road.points.length / 2)];
      if (!wanted || !road.name || !middle || named.has(road.name)) continue;
      named.add(road.name);
      this.#name(road.name, middle, 'road');
    }
  }

  #name(text: string, at: L.LatLngExpression, kind: 'place' | 'area' | 'road'): void {
    if (!this.#free(text, L.latLng(at))) return;
    const label = document.createElement('span');
    label.textContent = text;
    const icon = L.divIcon({ className: `town-name ${kind}`, html: label, iconSize: [0, 0] });
    L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.#names);
  }

  /** Whether a name has room; names that come first keep theirs. */
  #free(text: string, at: L.LatLng): boolean {
    const middle = this.#map.latLngToLayerPoint(at);
    const half = L.point((text.length * LETTER_PX) / 2 + 4, 10);
    const box = L.bounds(middle.subtract(half), middle.add(half));
    if (this.#taken.some((other) => other.overlaps(box))) return false;
    this.#taken.push(box);
    return true;
  }
}
