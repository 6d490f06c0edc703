// The two tokens of a login, kept per face: one browser may be customer in one tab and kitchen in another.
// Refresh tokens rotate and a reused one ends the whole login, so only one refresh may run at a time,
// in this tab (one promise) and across tabs (a Web Lock, then a second look at the storage).

import { clock } from '$lib/clock';
import type { Tokens } from './types';
import { ApiProblem, problemFrom } from './problem';

/** The four faces; the name is also the key under which a login is kept. */
export type Face = 'storefront' | 'kitchen' | 'rider' | 'ops';

interface Kept {
  access: string;
  refresh: string;
  expiresAt: number;
}

const EARLY_MS = 30_000;

let face: Face = 'storefront';
let running: Promise<string | null> | null = null;
let whenLost: () => void = () => {};

const key = (): string => `dabba.${face}.login`;

/** Says which face this page is, and what to do when the login has ended. */
export function configureTokens(options: { face: Face; onLost: () => void }): void {
  face = options.face;
  whenLost = options.onLost;
}

/** The storage key of this face's login, for listening to other tabs. */
export function tokenKey(): string {
  return key();
}

function read(): Kept | null {
  try {
    const text = localStorage.getItem(key());
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

/** Keeps a new pair of tokens. */
export function keepTokens(tokens: Tokens): void {
  const kept: Kept = {
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    expiresAt: clock.now() + tokens.expires_in * 1000,
  };
  localStorage.setItem(key(), JSON.stringify(kept));
}

/** Forgets the login of this face. */
export function dropTokens(): void {
  localStorage.removeItem(key());
}

/** Whether somebody is logged in here, as far as this browser knows. */
export function hasTokens(): boolean {
  return read() !== null;
}

/** The refresh token, for logging out. */
export function refreshToken(): string | null {
  return read()?.refresh ?? null;
}

/** An access token that is good for at least half a minute, or null when nobody is logged in. */
export async function accessToken(): Promise<string | null> {
  const kept = read();
  if (!kept) return null;
  if (kept.expiresAt - clock.now() > EARLY_MS) return kept.access;
  return refreshAccess(kept.access);
}

/** Trades the refresh token for a new pair; callers at the same time share one exchange. */
export function refreshAccess(stale: string): Promise<string | null> {
  running ??= withLock(() => exchange(stale)).finally(() => {
    running = null;
  });
  return running;
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return work();
  return navigator.locks.request(`${key()}.refresh`, work) as Promise<T>;
}

async function exchange(stale: string): Promise<string | null> {
  const kept = read();
  if (!kept) return null;
  if (kept.access !== stale) return kept.access;
  const response = await send(kept.refresh);
  if (response.ok) {
    const tokens = (await response.json()) as Tokens;
    keepTokens(tokens);
    return tokens.access_token;
  }
  if (response.status === 401) {
    dropTokens();
    whenLost();
    return null;
  }
  throw await problemFrom(response);
}

async function send(refresh: string): Promise<Response> {
  try {
    return await fetch('/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: refresh }),
    });
  } catch {
    throw new ApiProblem({ code: 'offline', status: 0, title: 'No connection' });
  }
}
