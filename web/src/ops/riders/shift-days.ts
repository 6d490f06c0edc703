// Shifts by the local day on which they begin.

import type { Shift } from '$lib/api/types';
import { isoDay } from '$lib/format';

/** Days in their order, each with its shifts in theirs. */
export function byDay(shifts: readonly Shift[]): { day: string; shifts: Shift[] }[] {
  const days = new Map<string, Shift[]>();
  for (const shift of [...shifts].sort((one, other) => one.starts_at.localeCompare(other.starts_at))) {
    const day = isoDay(shift.starts_at);
    days.set(day, [...(days.get(day) ?? []), shift]);
  }
  return [...days].map(([day, list]) => ({ day, shifts: list }));
}

/** A local day and two clock times as moments; an end before the beginning is on the next day. */
export function spanOf(day: string, from: string, to: string): { starts_at: string; ends_at: string } {
  const starts = Date.parse(`${day}T${from}:00+05:30`);
  const ends = Date.parse(`${day}T${to}:00+05:30`);
  const next = ends <= starts ? ends + 86_400_000 : ends;
  return { starts_at: new Date(starts).toISOString(), ends_at: new Date(next).toISOString() };
}
