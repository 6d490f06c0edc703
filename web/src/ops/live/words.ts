// The codes of the live board in words: kinds of exceptions, why a rider ranks where they do,
// why others are not possible. A code that is not known here is shown as it is, with its dashes taken out.

import type { Candidate, Candidates, Courier, CourierState, ExceptionKind, OnOffer, Vehicle } from '$lib/api/types';
import { clockTime, relative } from '$lib/format';
import type { IconName } from '$lib/ui/icon-names';

export type Tone = 'off' | 'info' | 'ok' | 'wait' | 'late';

interface Look {
  tone: Tone;
  icon: IconName;
  word: string;
}

export const EXCEPTIONS: Record<ExceptionKind, Look> = {
  courier_dark: { tone: 'late', icon: 'alert', word: 'Food gone silent' },
  unassigned: { tone: 'late', icon: 'user', word: 'Nobody assigned' },
  courier_silent: { tone: 'late', icon: 'target', word: 'Rider silent' },
  kitchen_late: { tone: 'wait', icon: 'hourglass', word: 'Kitchen late' },
  will_be_late: { tone: 'wait', icon: 'clock', word: 'Will be late' },
  not_accepted: { tone: 'wait', icon: 'bell', word: 'Kitchen silent' },
};

export const STATES: Record<CourierState, Look> = {
  off: { tone: 'off', icon: 'moon', word: 'Off shift' },
  on_break: { tone: 'off', icon: 'pause', word: 'On a break' },
  free: { tone: 'ok', icon: 'check', word: 'Free' },
  offered: { tone: 'wait', icon: 'bell', word: 'Has an offer' },
  to_pickup: { tone: 'info', icon: 'store', word: 'To the kitchen' },
  waiting: { tone: 'wait', icon: 'hourglass', word: 'Waiting at kitchen' },
  to_drop: { tone: 'info', icon: 'bag', word: 'To the door' },
};

const VEHICLES: Record<Vehicle, string> = {
  bicycle: 'cycle', e_bike: 'e-bike', scooter: 'scooter', motorcycle: 'motorcycle', car: 'car', van: 'van', foot: 'on foot',
};

const REASONS: Record<string, string> = {
  best: 'best choice',
  free: 'free',
  'joins-another': 'joins another order',
  'would-wait': 'would wait for the food',
  'food-waits': 'the food would wait',
  'given-another': 'got another order',
};

/** Why a rider could not have an order. */
const IMPOSSIBLE: Record<string, string> = {
  silent: 'silent', full: 'bag full', 'too-far': 'too far', offered: 'looking at another offer', refused: 'did not take it or lost it',
  'on-break': 'on a break', barred: 'papers or suspension', 'shift-over': 'shift ends before', 'too-long-in-bag': 'too long in the bag',
};

export function vehicleWord(vehicle: Vehicle): string {
  return VEHICLES[vehicle] ?? vehicle;
}

/** A code as words: known ones from the list, others without dashes. */
export function reasonWord(code: string): string {
  return REASONS[code] ?? code.replaceAll(/[-_]/g, ' ');
}

/** Why a rider could not have it, as words. */
export function impossibleWord(code: string): string {
  return IMPOSSIBLE[code] ?? reasonWord(code);
}

/** "bag full 5 · too far 4", and how many that is together. */
export function impossibleText(impossible: Candidates['impossible']): { count: number; text: string } {
  const list = impossible.filter((entry) => entry.count > 0);
  return {
    count: list.reduce((sum, entry) => sum + entry.count, 0),
    text: list.map((entry) => `${impossibleWord(entry.reason)} ${entry.count}`).join(' · '),
  };
}

/** The first name, for buttons. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

type Called = Pick<Courier, 'id' | 'name' | 'phone'>;

/** By rider, a name short enough for a column that only one of them has: the first name; with the family name's initial
    where two share it; with the last digits of the phone where that is the same too; else the whole name. */
export function shortNames(couriers: Called[]): Map<string, string> {
  const names = new Map<string, string>();
  let left = couriers;
  for (const shorten of [({ name }: Called) => firstName(name), initialed, lastDigits]) {
    const taken = new Map<string, number>();
    for (const one of left) taken.set(shorten(one), (taken.get(shorten(one)) ?? 0) + 1);
    for (const one of left) if (taken.get(shorten(one)) === 1) names.set(one.id, shorten(one));
    left = left.filter((one) => !names.has(one.id));
  }
  for (const one of left) names.set(one.id, one.name);
  return names;
}

/** "Girish K". */
function initialed({ name }: Called): string {
  const family = name.trim().split(/\s+/).slice(1).at(-1);
  return family ? `${firstName(name)} ${family.charAt(0)}` : firstName(name);
}

/** "Girish K ·077". */
function lastDigits(one: Called): string {
  return one.phone ? `${initialed(one)} ·${one.phone.slice(-3)}` : initialed(one);
}

/** Why a rider with nothing in hand cannot be asked: "on a break until 13:05", "silent, heard 6 min ago". */
export function awayText(courier: Courier, now: number): string {
  if (courier.suspended) return 'suspended';
  if (courier.papers_lapsed) return 'papers missing or out of date';
  if (courier.state === 'on_break') return courier.break_until ? `on a break until ${clockTime(courier.break_until)}` : 'on a break';
  if (courier.state === 'offered') return 'has an offer';
  return courier.fix_at ? `silent, heard ${relative(courier.fix_at, now)}` : 'never heard';
}

/** "4 min to kitchen": the first thing to know about a candidate. */
export function pickupText(candidate: Candidate): string {
  const minutes = Math.max(1, Math.round(candidate.pickup_s / 60));
  return `${minutes} min to kitchen`;
}

/** "Kiran has it on offer until 12:40, with H25: 2 orders, one pickup." */
export function onOfferText(offer: OnOffer, number: string): string {
  const others = offer.numbers.filter((one) => one !== number);
  const alone = `${offer.name} has it on offer until ${clockTime(offer.expires_at)}`;
  return others.length === 0 ? `${alone}.` : `${alone}, with ${others.join(' and ')}: ${offer.numbers.length} orders, one pickup.`;
}

/** "2nd door of what was taken together", or nothing for an order that rides alone. */
export function doorText(stop: number | null): string {
  if (stop === null) return '';
  const ordinal = ['1st', '2nd', '3rd'][stop - 1] ?? `${stop}th`;
  return `${ordinal} door of what was taken together`;
}

/** "2 doors before this one", "this door is next", or nothing before the food is on board. */
export function aheadText(ahead: number | null): string {
  if (ahead === null) return '';
  if (ahead === 0) return 'this door is next';
  return ahead === 1 ? '1 door before this one' : `${ahead} doors before this one`;
}
