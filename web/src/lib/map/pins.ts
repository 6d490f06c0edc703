// Pins and lines over the town. A pin that moves is carried there smoothly, over about the time between two
// fixes, and a rider without a fix for a minute turns grey: the map never pretends to know.

import * as L from 'leaflet';
import { SILENT_AFTER_MS } from '$lib/silence';
import sprite from '$lib/ui/icons.svg?url';
import { tokenColour } from './layers';
import type { MapLine, MapPin } from './types';

const ICONS = { kitchen: 'bag', home: 'home', rider: 'scooter', place: 'pin' } as const;
const TONES = { leaf: '--leaf', hot: '--hot', ink: '--ink', late: '--late', off: '--edge', info: '--info' } as const;
const GLIDE_MS = 2_000;

interface Shown {
  pin: MapPin;
  marker: L.Marker | L.CircleMarker;
  look: string;
  frame: number;
}

function face(pin: MapPin): HTMLElement {
  const holder = document.createElement('span');
  holder.className = 'pin-face';
  if (pin.badge) holder.textContent = pin.badge;
  else holder.innerHTML = `<svg width="22" height="22" aria-hidden="true"><use href="${sprite}#${ICONS[pin.kind === 'dot' ? 'place' : pin.kind]}"></use></svg>`;
  return holder;
}

function isStale(pin: MapPin, now: number): boolean {
  return pin.kind === 'rider' && pin.fixAt !== undefined && (!pin.fixAt || now - Date.parse(pin.fixAt) > SILENT_AFTER_MS);
}

function toneOf(pin: MapPin): keyof typeof TONES {
  if (pin.tone) return pin.tone;
  return pin.kind === 'rider' ? 'hot' : pin.kind === 'home' ? 'ink' : 'leaf';
}

/** The moving and standing things on one map. */
export class PinLayer {
  #map: L.Map;
  #probe: HTMLElement;
  #onpick: (id: string) => void;
  #pickable: boolean;
  #shown = new Map<string, Shown>();
  #lines = new Map<string, { line: MapLine; casing: L.Polyline; stroke: L.Polyline }>();
  #canvas: L.Renderer;

  constructor(map: L.Map, probe: HTMLElement, onpick: ((id: string) => void) | undefined) {
    this.#map = map;
    this.#probe = probe;
    this.#pickable = onpick !== undefined;
    this.#onpick = onpick ?? (() => {});
    map.createPane('routes').style.zIndex = '420';
    this.#canvas = L.canvas({ pane: 'routes', padding: 0.4 });
  }

  /** Makes the map show exactly these pins. */
  setPins(pins: MapPin[], now: number): void {
    const wanted = new Set(pins.map((pin) => pin.id));
    for (const [id, shown] of this.#shown) if (!wanted.has(id)) this.#remove(id, shown);
    for (const pin of pins) this.#put(pin, now);
  }

  /** Makes the map show exactly these lines. */
  setLines(lines: MapLine[]): void {
    const wanted = new Set(lines.map((line) => line.id));
    for (const [id, { casing, stroke }] of this.#lines) {
      if (wanted.has(id)) continue;
      casing.remove();
      stroke.remove();
      this.#lines.delete(id);
    }
    for (const line of lines) this.#putLine(line);
  }

  /** Takes the colours of the present theme. */
  paint(): void {
    for (const { line, casing, stroke } of this.#lines.values()) {
      casing.setStyle({ color: tokenColour(this.#probe, '--card') });
      stroke.setStyle({ color: tokenColour(this.#probe, TONES[line.tone ?? 'leaf']) });
    }
    for (const { pin, marker } of this.#shown.values()) {
      if (marker instanceof L.CircleMarker) marker.setStyle(this.#dotStyle(pin));
    }
  }

  /** Everything shown, for fitting the view. */
  bounds(): L.LatLngBounds {
    const bounds = L.latLngBounds([]);
    for (const { pin } of this.#shown.values()) bounds.extend([pin.lat, pin.lng]);
    for (const { line } of this.#lines.values()) for (const point of line.points) bounds.extend(point);
    return bounds;
  }

  #remove(id: string, shown: Shown): void {
    cancelAnimationFrame(shown.frame);
    shown.marker.remove();
    this.#shown.delete(id);
  }

  #put(pin: MapPin, now: number): void {
    const look = [pin.kind, toneOf(pin), pin.badge, pin.selected, pin.label, isStale(pin, now)].join('|');
    const known = this.#shown.get(pin.id);
    if (known && known.look === look) {
      this.#glide(known, pin);
      return;
    }
    const from = known?.marker.getLatLng();
    if (known) this.#remove(pin.id, known);
    const marker = pin.kind === 'dot' ? this.#dot(pin) : this.#marker(pin, isStale(pin, now));
    if (from) marker.setLatLng(from);
    marker.addTo(this.#map);
    this.#name(marker, pin);
    const shown: Shown = { pin: { ...pin, ...(from ? { lat: from.lat, lng: from.lng } : {}) }, marker, look, frame: 0 };
    this.#shown.set(pin.id, shown);
    if (from) this.#glide(shown, pin);
  }

  #name(marker: L.Marker | L.CircleMarker, pin: MapPin): void {
    if (this.#pickable) {
      marker.on('click', () => this.#onpick(pin.id));
      marker.on('keypress', (event) => {
        if ((event as unknown as { originalEvent: KeyboardEvent }).originalEvent.key === 'Enter') this.#onpick(pin.id);
      });
    }
    const element = marker.getElement();
    if (!(marker instanceof L.Marker) || !element) return;
    element.setAttribute('aria-label', pin.label);
    element.setAttribute('title', pin.label);
    if (!this.#pickable) element.setAttribute('role', 'img');
  }

  #marker(pin: MapPin, stale: boolean): L.Marker {
    const size = pin.badge ? 32 : pin.kind === 'rider' && this.#pickable ? 34 : 42;
    const className = ['town-pin', pin.kind, toneOf(pin), pin.selected ? 'selected' : '', stale ? 'stale' : ''].join(' ').trim();
    const icon = L.divIcon({ className, html: face(pin), iconSize: [size, size] });
    return L.marker([pin.lat, pin.lng], {
      icon, interactive: this.#pickable, keyboard: this.#pickable,
      zIndexOffset: pin.selected ? 900 : pin.kind === 'rider' ? 500 : 0,
    });
  }

  #dotStyle(pin: MapPin): L.CircleMarkerOptions {
    return {
      radius: pin.selected ? 8 : 5.5, weight: 2, fillOpacity: 1,
      color: tokenColour(this.#probe, '--card'), fillColor: tokenColour(this.#probe, TONES[toneOf(pin)]),
    };
  }

  #dot(pin: MapPin): L.CircleMarker {
    return L.circleMarker([pin.lat, pin.lng], { ...this.#dotStyle(pin), renderer: this.#canvas, interactive: this.#pickable });
  }

  #glide(shown: Shown, pin: MapPin): void {
    const moved = shown.pin.lat !== pin.lat || shown.pin.lng !== pin.lng;
    shown.pin = pin;
    if (!moved) return;
    cancelAnimationFrame(shown.frame);
    const from = shown.marker.getLatLng();
    const far = from.distanceTo([pin.lat, pin.lng]) > 1500;
    if (far || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      shown.marker.setLatLng([pin.lat, pin.lng]);
      return;
    }
    const began = performance.now();
    const move = (time: number): void => {
      const part = Math.min(1, (time - began) / GLIDE_MS);
      shown.marker.setLatLng([from.lat + (pin.lat - from.lat) * part, from.lng + (pin.lng - from.lng) * part]);
      if (part < 1) shown.frame = requestAnimationFrame(move);
    };
    shown.frame = requestAnimationFrame(move);
  }

  #putLine(line: MapLine): void {
    const known = this.#lines.get(line.id);
    if (known && known.line.style === line.style && known.line.tone === line.tone) {
      known.line = line;
      known.casing.setLatLngs(line.points);
      known.stroke.setLatLngs(line.points);
      return;
    }
    known?.casing.remove();
    known?.stroke.remove();
    const common = { renderer: this.#canvas, interactive: false, lineCap: 'round', lineJoin: 'round' } as const;
    const dotted = line.style === 'dotted';
    const casing = L.polyline(line.points, { ...common, weight: 11, color: tokenColour(this.#probe, '--card') }).addTo(this.#map);
    const stroke = L.polyline(line.points, {
      ...common, weight: dotted ? 4.5 : 6.5, color: tokenColour(this.#probe, TONES[line.tone ?? 'leaf']),
      ...(dotted ? { dashArray: '1 10' } : {}),
    }).addTo(this.#map);
    this.#lines.set(line.id, { line, casing, stroke });
  }
}
