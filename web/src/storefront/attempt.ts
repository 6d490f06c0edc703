// One attempt to place an order has one Idempotency-Key, kept over retries, reloads and double taps, so that the
// server makes one order of it. A definite refusal ends the attempt; silence does not.

const STORE = 'dabba.storefront.attempt';

interface Attempt {
  quote: string;
  method: string;
  key: string;
}

function newKey(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID();
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The key for this quote and way to pay: the old one if this is the same attempt again. */
export function attemptKey(quote: string, method: string): string {
  const text = sessionStorage.getItem(STORE);
  const known = text ? (JSON.parse(text) as Attempt) : null;
  if (known && known.quote === quote && known.method === method) return known.key;
  const attempt: Attempt = { quote, method, key: newKey() };
  sessionStorage.setItem(STORE, JSON.stringify(attempt));
  return attempt.key;
}

/** Ends the attempt: the order is placed, or the server has refused it for good. */
export function endAttempt(): void {
  sessionStorage.removeItem(STORE);
}

/** Whether the same request may be sent again with the same key. */
export function mayRepeat(status: number): boolean {
  return status === 0 || status >= 500 || status === 425 || status === 429;
}
