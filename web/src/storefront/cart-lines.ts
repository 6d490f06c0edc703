// The cart as plain data: which dishes, with which choices, how many. The same dish with the same choices and note
// is one line. What it costs is the server's word (a quote); here is only the price each line was shown with.

import type { MenuItem, MenuOption, QuoteRequestLine, Restaurant, VegMark } from '$lib/api/types';

export interface CartLine {
  key: string;
  item_id: string;
  name: string;
  veg_mark: VegMark;
  option_ids: string[];
  options: string[];
  note: string;
  quantity: number;
  unit_paise: number;
}

export interface CartRestaurant {
  id: string;
  name: string;
  minimum_order_paise: number;
}

export interface CartState {
  restaurant: CartRestaurant | null;
  lines: CartLine[];
  /** When the person changed it last, in milliseconds since the epoch. */
  changed_at?: number;
}

export const EMPTY_CART: CartState = { restaurant: null, lines: [] };
export const MOST_OF_ONE = 20;

/** What makes two lines the same. */
export function lineKey(itemId: string, optionIds: string[], note: string): string {
  return [itemId, ...[...optionIds].sort(), note.trim()].join('|');
}

/** A line from what was chosen on the item sheet. */
export function makeLine(item: MenuItem, options: MenuOption[], note: string, quantity: number): CartLine {
  const optionIds = options.map((option) => option.id);
  return {
    key: lineKey(item.id, optionIds, note),
    item_id: item.id,
    name: item.name,
    veg_mark: item.veg_mark,
    option_ids: optionIds,
    options: options.map((option) => option.name),
    note: note.trim(),
    quantity,
    unit_paise: unitPrice(item, options),
  };
}

/** The price of one, with its options. */
export function unitPrice(item: MenuItem, options: MenuOption[]): number {
  return options.reduce((sum, option) => sum + option.price_paise, item.price_paise);
}

/** Adds a line, joining it with an equal one. */
export function addLine(lines: CartLine[], line: CartLine): CartLine[] {
  const known = lines.find((one) => one.key === line.key);
  if (!known) return [...lines, line];
  return setQuantity(lines, line.key, known.quantity + line.quantity);
}

/** Sets how many of a line; zero takes it out. */
export function setQuantity(lines: CartLine[], key: string, quantity: number): CartLine[] {
  if (quantity <= 0) return lines.filter((line) => line.key !== key);
  return lines.map((line) => (line.key === key ? { ...line, quantity: Math.min(MOST_OF_ONE, quantity) } : line));
}

/** How many dishes. */
export function dishCount(lines: CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** The price of the dishes as shown, before packing, delivery and tax. */
export function shownTotal(lines: CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unit_paise, 0);
}

/** The lines as the server wants them. */
export function requestLines(lines: CartLine[]): QuoteRequestLine[] {
  return lines.map((line) => ({
    item_id: line.item_id,
    quantity: line.quantity,
    option_ids: line.option_ids,
    ...(line.note ? { note: line.note } : {}),
  }));
}

/** The part of a restaurant that the cart keeps. */
export function cartRestaurant(restaurant: Restaurant & { minimum_order_paise?: number }): CartRestaurant {
  return { id: restaurant.id, name: restaurant.name, minimum_order_paise: restaurant.minimum_order_paise ?? 0 };
}
