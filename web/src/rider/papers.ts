// Papers of riders: which ones a vehicle needs, which run out, how they look.

import type { CourierDocument, DocumentKind, Vehicle } from '$lib/api/types';
import type { IconName } from '$lib/ui/icon-names';

export const KINDS: DocumentKind[] = ['driving_licence', 'vehicle_registration', 'insurance', 'pan', 'identity'];
export const VEHICLES: Vehicle[] = ['scooter', 'motorcycle', 'bicycle', 'e_bike', 'car', 'van', 'foot'];
const ENGINES: Vehicle[] = ['scooter', 'motorcycle', 'car', 'van'];

/** How a number is usually written; told, not asked for. */
export const EXAMPLES: Record<DocumentKind, string> = {
  driving_licence: 'KA01 20190001234',
  vehicle_registration: 'KA 01 AB 1234',
  insurance: 'POL/2026/1234',
  pan: 'ABCPD1234E',
  identity: '1234',
};

export const DOCUMENT_LOOKS: Record<CourierDocument['state'], { tone: 'info' | 'ok' | 'late' | 'off'; icon: IconName }> = {
  submitted: { tone: 'info', icon: 'hourglass' },
  accepted: { tone: 'ok', icon: 'check' },
  refused: { tone: 'late', icon: 'x' },
  replaced: { tone: 'off', icon: 'history' },
};

/** Whether a paper of this kind has a last day. */
export function runsOut(kind: DocumentKind): boolean {
  return kind === 'driving_licence' || kind === 'vehicle_registration' || kind === 'insurance';
}

/** What whoever rides this must show. */
export function needed(vehicle: Vehicle): DocumentKind[] {
  return KINDS.filter((kind) => !runsOut(kind) || ENGINES.includes(vehicle));
}
