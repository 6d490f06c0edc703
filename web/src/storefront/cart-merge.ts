// Two carts of one person, here and with the account: what to do about a difference. Nothing is lost: equal kitchens are
// merged, of different ones the newer is shown and the other set aside.

import type { Cart, CartLine as KeptLine, Menu } from '$lib/api/types';
import { addLine, makeLine, MOST_OF_ONE, type CartLine, type CartState } from './cart-lines';

/** What was the same here and there when both were last compared. */
export interface Seen {
  customer: string;
  version: number;
  mark: string;
}

/** What to do: `take` theirs, `send` ours, `empty` theirs, `merge` both, or set one of two kitchens aside. */
export type Step = 'nothing' | 'take' | 'send' | 'empty' | 'merge' | 'keep-ours' | 'keep-theirs';

type AnyLine = Pick<CartLine, 'item_id' | 'option_ids' | 'quantity'> & { note?: string | null };

/** The content of a cart in one word: equal carts have equal marks. */
export function markOf(restaurantId: string | null | undefined, lines: AnyLine[]): string {
  if (lines.length === 0) return '';
  const words = lines.map((line) => [line.item_id, ...[...line.option_ids].sort(), line.note?.trim() ?? '', line.quantity].join('|'));
  return [restaurantId, ...words.sort()].join('\n');
}

/** What to do about the cart here and the one kept with the account. */
export function stepFor(ours: CartState, theirs: Cart, seen: Seen | null): Step {
  const mark = markOf(ours.restaurant?.id, ours.lines);
  if (mark === markOf(theirs.restaurant_id, theirs.lines)) return 'nothing';
  if (mark === (seen?.mark ?? '')) return 'take';
  if (theirs.version === (seen?.version ?? 0) || theirs.lines.length === 0) return mark === '' ? 'empty' : 'send';
  if (mark === '') return 'take';
  if (ours.restaurant?.id === theirs.restaurant_id) return 'merge';
  return (ours.changed_at ?? 0) > Date.parse(theirs.changed_at ?? '') ? 'keep-ours' : 'keep-theirs';
}

/** The lines of both: of what is in both, the larger number. */
export function merged(ours: CartLine[], theirs: CartLine[]): CartLine[] {
  const more = theirs.filter((line) => !ours.some((one) => one.key === line.key));
  const larger = (line: CartLine): number => theirs.find((one) => one.key === line.key)?.quantity ?? 0;
  return [...ours.map((line) => ({ ...line, quantity: Math.max(line.quantity, larger(line)) })), ...more];
}

/** Kept lines with today's names and prices, sold out or not; and the names of dishes that are on the menu no more. */
export function linesOf(kept: KeptLine[], menu: Menu | null): { lines: CartLine[]; gone: string[] } {
  const items = menu?.sections.flatMap((section) => section.items) ?? [];
  let lines: CartLine[] = [];
  const gone: string[] = [];
  for (const line of kept) {
    const item = items.find((one) => one.id === line.item_id);
    const all = item?.option_groups.flatMap((group) => group.options) ?? [];
    const options = line.option_ids.flatMap((id) => all.find((option) => option.id === id) ?? []);
    if (!item || options.length < line.option_ids.length) {
      if (line.name) gone.push(line.name);
    } else {
      lines = addLine(lines, makeLine(item, options, line.note ?? '', Math.min(MOST_OF_ONE, line.quantity)));
    }
  }
  return { lines, gone };
}
