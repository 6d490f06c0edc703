// One selection for list, map, columns and panel: the id of an order. It stays when the list is reordered
// under it; it moves only when the person moves it, or on to the next exception once one has been handled.

/** The id to show: what the address asks for, else the worst exception. */
export function chosen(wanted: string | null, exceptions: readonly string[]): string | null {
  return wanted ?? exceptions[0] ?? null;
}

/** One step down or up a list. Stays at the ends; from nowhere it goes to the first or the last. */
export function step(ids: readonly string[], current: string | null, by: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const index = current === null ? -1 : ids.indexOf(current);
  if (index === -1) return (by === 1 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[Math.max(0, Math.min(ids.length - 1, index + by))] ?? null;
}

/** Where to go after `handled` was dealt with: the next worse one that is still there, else the one before it. */
export function afterHandled(before: readonly string[], handled: string, after: readonly string[]): string | null {
  const left = new Set(after.filter((id) => id !== handled));
  const index = before.indexOf(handled);
  const following = before.slice(index + 1).find((id) => left.has(id));
  if (following) return following;
  const earlier = before.slice(0, Math.max(0, index)).reverse().find((id) => left.has(id));
  return earlier ?? after.find((id) => left.has(id)) ?? null;
}

/** Orders for a list: exceptions in their own order, then what is promised soonest. */
export function worstFirst<O extends { id: string; promised_at: string }>(orders: readonly O[], exceptions: readonly string[]): O[] {
  const rank = (order: O): number => {
    const index = exceptions.indexOf(order.id);
    return index === -1 ? exceptions.length : index;
  };
  return [...orders].sort((one, other) => rank(one) - rank(other) || one.promised_at.localeCompare(other.promised_at));
}
