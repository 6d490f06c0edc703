// The three ways in which the office ends an order, with the reasons the server knows. Cancelling takes free words;
// refusing and failing take one code of a fixed list, because they are counted.

import type { OrderStatus } from '$lib/api/types';

export interface Closing {
  status: OrderStatus;
  verb: string;
  title: string;
  /** What it is afterwards: "H24 is cancelled". */
  done: string;
  /** What happens to people and money, said before it happens. */
  effect: string;
  /** Fixed reasons, or null for free words. */
  reasons: { code: string; words: string }[] | null;
}

/** In the order in which they are offered. */
export const CLOSINGS: Closing[] = [
  {
    status: 'rejected',
    verb: 'Reject',
    title: 'Reject for the kitchen',
    done: 'is rejected',
    effect: 'The kitchen stops seeing it and the customer is told at once.',
    reasons: [
      { code: 'no-answer', words: 'The kitchen does not answer' },
      { code: 'too-busy', words: 'The kitchen is too busy' },
      { code: 'item-out', words: 'A dish has run out' },
      { code: 'closing', words: 'The kitchen is closing' },
      { code: 'other', words: 'Something else' },
    ],
  },
  {
    status: 'cancelled',
    verb: 'Cancel',
    title: 'Cancel the order',
    done: 'is cancelled',
    effect: 'Kitchen, rider and customer are told at once. It cannot be taken back.',
    reasons: null,
  },
  {
    status: 'failed',
    verb: 'Not deliverable',
    title: 'Mark as not deliverable',
    done: 'is marked as not deliverable',
    effect: 'The rider is told what to do with the food, the customer that it is not coming.',
    reasons: [
      { code: 'nobody-there', words: 'Nobody there' },
      { code: 'wrong-address', words: 'Wrong address' },
      { code: 'refused', words: 'Refused at the door' },
      { code: 'other', words: 'Something else' },
    ],
  },
];

/** The closing of a status; undefined for statuses that the office does not set. */
export function closingOf(status: OrderStatus): Closing | undefined {
  return CLOSINGS.find((one) => one.status === status);
}

/** A reason as words: a known code, or what somebody typed. */
export function reasonText(reason: string): string {
  for (const closing of CLOSINGS) {
    const found = closing.reasons?.find((one) => one.code === reason);
    if (found) return found.words;
  }
  return reason;
}
