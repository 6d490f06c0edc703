// A rider whose vehicle has no room for one more order: who it is, in figures, so that a person may decide for it
// nevertheless. The figures are the refusal's own, of the moment in which the server refused.

import type { ApiProblem } from '$lib/api/client';
import type { Vehicle } from '$lib/api/types';
import { vehicleWord } from './words';

export interface FullRider {
  courierId: string;
  name: string;
  vehicle: Vehicle;
  /** Orders in hand, beside the one that would be given. */
  inHand: number;
  /** How many the vehicle has room for. */
  room: number;
}

/** Who has no room, if that is what the server says; null for every other problem. */
export function fullRider(problem: ApiProblem, asked: Pick<FullRider, 'courierId' | 'name' | 'vehicle'>): FullRider | null {
  if (problem.code !== 'courier-full') return null;
  const { in_hand: inHand, room } = problem.field('/courier_id')?.params ?? {};
  return typeof inHand === 'number' && typeof room === 'number' ? { ...asked, inHand, room } : null;
}

/** "Kiran Rao has 2 orders in hand; a scooter has room for 2." */
export function fullText({ name, vehicle, inHand, room }: FullRider): string {
  const orders = (count: number): string => `${count} ${count === 1 ? 'order' : 'orders'}`;
  const holds = vehicle === 'foot' ? `on foot there is room for ${room}` : `the ${vehicleWord(vehicle)} has room for ${room}`;
  return `${name} has ${orders(inHand)} in hand; ${holds}.`;
}
