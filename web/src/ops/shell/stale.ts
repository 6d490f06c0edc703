// When to admit that the picture is old. A short break heals by itself and is not worth a bar.

import type { LiveState } from '$lib/sse.svelte';

const LINK_GRACE_MS = 5_000;
const BOARD_GRACE_MS = 45_000;

export interface Freshness {
  link: LiveState;
  /** When the stream last said anything; 0 before it ever did. */
  lastAt: number;
  /** When the board was last fetched; 0 before. */
  boardAt: number;
  failed: boolean;
  now: number;
}

/** What to say about the age of the board, or null while it is fresh. */
export function staleness(state: Freshness): { says: 'link' | 'board'; ageS: number } | null {
  if (state.boardAt === 0) return null;
  const lost = state.link === 'reconnecting' || state.link === 'refused' || state.link === 'ended';
  const silentMs = state.now - (state.lastAt || state.boardAt);
  const boardMs = state.now - state.boardAt;
  if (lost && silentMs > LINK_GRACE_MS) return { says: 'link', ageS: Math.round(Math.min(silentMs, boardMs) / 1000) };
  if (state.failed || boardMs > BOARD_GRACE_MS) return { says: 'board', ageS: Math.round(boardMs / 1000) };
  return null;
}
