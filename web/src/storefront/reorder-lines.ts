// The lines of an old order looked up in today's menu. What is gone or sold out is left out and named,
// never replaced.

import type { Menu, MenuItem, MenuOption, Order } from '$lib/api/types';
import { makeLine, type CartLine } from './cart-lines';

/** The options of an item by their names, as an order line remembers them; null if one is gone. */
export function optionsByName(item: MenuItem, names: string[]): MenuOption[] | null {
  const all = item.option_groups.flatMap((group) => group.options);
  const found = names.map((name) => all.find((option) => option.name === name && option.available));
  return found.every((option) => option !== undefined) ? found : null;
}

/** The options of an item by their ids; null if one is gone or sold out. */
export function optionsById(item: MenuItem, ids: string[]): MenuOption[] | null {
  const all = item.option_groups.flatMap((group) => group.options);
  const found = ids.map((id) => all.find((option) => option.id === id && option.available));
  return found.every((option) => option !== undefined) ? found : null;
}

/** Cart lines for the lines of an order, and the names of those that cannot be had now. */
export function linesFrom(order: Pick<Order, 'lines'>, menu: Menu): { lines: CartLine[]; gone: string[] } {
  const items = menu.sections.flatMap((section) => section.items);
  const lines: CartLine[] = [];
  const gone: string[] = [];
  for (const line of order.lines) {
    const item = items.find((one) => one.id === line.item_id && one.available);
    const options = item ? (optionsById(item, line.option_ids) ?? optionsByName(item, line.options)) : null;
    if (item && options) lines.push(makeLine(item, options, line.note ?? '', line.quantity));
    else gone.push(line.name);
  }
  return { lines, gone };
}
