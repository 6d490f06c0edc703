// Applications and documents in words, and what is remarkable about a day on which one runs out.

import type { ApplicationState, CourierDocument, DocumentKind } from '$lib/api/types';
import type { IconName } from '$lib/ui/icon-names';
import type { Tone } from '../live/words';

export const DOCUMENTS: Record<DocumentKind, string> = {
  driving_licence: 'Driving licence',
  vehicle_registration: 'Vehicle registration',
  insurance: 'Insurance',
  pan: 'PAN',
  identity: 'Aadhaar, last four digits',
};

export const APPLICATION_STATES: Record<ApplicationState, { tone: Tone; icon: IconName; word: string }> = {
  applied: { tone: 'wait', icon: 'bell', word: 'New' },
  under_review: { tone: 'info', icon: 'search', word: 'Being looked at' },
  approved: { tone: 'ok', icon: 'check', word: 'Approved' },
  rejected: { tone: 'off', icon: 'x', word: 'Rejected' },
  suspended: { tone: 'late', icon: 'pause', word: 'Suspended' },
};

export const LANGUAGE_NAMES: Record<string, string> = {
  as: 'Assamese', bn: 'Bengali', en: 'English', gu: 'Gujarati', hi: 'Hindi', kn: 'Kannada', ml: 'Malayalam', mr: 'Marathi', or: 'Odia', pa: 'Punjabi', ta: 'Tamil', te: 'Telugu', ur: 'Urdu',
};

const DAY_MS = 86_400_000;

/** Whole days until a document has run out: 0 on its last day, negative after it. */
export function daysLeft(expiresOn: string, now: number): number {
  return Math.ceil((Date.parse(`${expiresOn}T23:59:59+05:30`) - now) / DAY_MS) - 1;
}

/** How an end looks: far away it is just a day, near it is a warning, past it is a loss. */
export function endTone(document: Pick<CourierDocument, 'expires_on'>, now: number): Tone {
  if (!document.expires_on) return 'off';
  const left = daysLeft(document.expires_on, now);
  return left < 0 ? 'late' : left <= 30 ? 'wait' : 'ok';
}

/** "ran out 3 days ago", "runs out today", "12 days left". */
export function endWords(expiresOn: string, now: number): string {
  const left = daysLeft(expiresOn, now);
  if (left < 0) return `ran out ${-left === 1 ? 'yesterday' : `${-left} days ago`}`;
  if (left === 0) return 'runs out today';
  return left === 1 ? '1 day left' : `${left} days left`;
}

/** A time of the server in the order of time, by the microsecond, which dates here do not know. */
const exact = (at: string): string => at.replace('Z', '');

/** When the newest picture came that is on the screen, or what it is about: the server decides for no later one. */
export function picturesUntil(since: string, documents: Pick<CourierDocument, 'picture'>[]): string {
  const received = documents.map((one) => one.picture?.received_at ?? since);
  return received.reduce((latest, at) => (exact(at) > exact(latest) ? at : latest), since);
}
