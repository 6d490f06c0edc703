// Orders for tests: a plain accepted order, and what differs.

import type { Order, OrderStatus } from '$lib/api/types';

export const START = Date.parse('2026-11-20T07:00:00Z');

/** A time some minutes after the start, as the server writes it. */
export function at(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString();
}

const restaurant = { id: 'r1', name: 'Ambika Tiffin Room', locality: 'Indiranagar', lat: 12.97, lng: 77.63, phone: null };
const address = { id: 'a1', label: 'Home', line1: '14, 7th Cross', line2: null, landmark: null, instruction: null, pin: '560038', lat: 12.98, lng: 77.64, locality: 'Indiranagar' };
const courier = { id: 'k1', name: 'Imran Pasha', vehicle: 'scooter' as const, rating: null, phone: null, lat: null, lng: null, fix_at: null, arrived_at_restaurant_at: null, arrived_at_door_at: null, taken_at: null, stop: null, doors_ahead: null };

export function order(id: string, status: OrderStatus, changes: Partial<Order> = {}): Order {
  return {
    id, number: id.toUpperCase(), zone_letter: 'H', status, version: 1, city_id: 'c', restaurant, customer: { id: 'u', name: 'Ananya Rao', phone: null }, address,
    lines: [{ item_id: 'i1', name: 'Masala Dosa', quantity: 2, unit_paise: 13_500, options: ['No onion'], option_ids: ['o1'], veg_mark: 'veg', total_paise: 27_000, note: null }],
    charges: [], taxes: [], tip_paise: 0, discounts: [], total_paise: 27_000, note: null, payment: { method: 'sandbox', status: 'paid' },
    placed_at: at(0), accept_by: at(3), accepted_at: status === 'placed' ? null : at(1), prep_minutes: 15, promised_ready_at: status === 'placed' ? null : at(16),
    ready_at: null, picked_up_at: null, delivered_at: null, ended_at: null, reason: null,
    eta: { low: at(24), high: at(32), reason: null }, first_eta: { low: at(24), high: at(32) },
    courier, delivery_code: null, timeline: [{ status: 'placed', at: at(0), actor: 'customer', reason: null }], allowed: [], ...changes,
  };
}
