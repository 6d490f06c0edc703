// The menu as a list of things that can run out. The same modifier in several dishes (saagu, extra rice) is one row,
// because it is one pot; a variant (half, full) stays with its dish. Plain functions, no requests.

import type { AvailabilityUntil, Menu, MenuItem, MenuOption, VegMark } from '$lib/api/types';
import { hourOfDay, isoDay } from '$lib/format';

export type StockState = 'in' | AvailabilityUntil;

export interface StockRow {
  key: string;
  kind: 'dish' | 'option';
  name: string;
  /** The section of a dish, or where an option is used. */
  where: string;
  mark: VegMark | null;
  ids: string[];
  available: boolean;
  until: string | null;
  left: number | null;
}

const lower = (text: string): string => text.trim().toLocaleLowerCase('en-IN');

function addOption(rows: Map<string, StockRow>, dish: MenuItem, kind: string, option: MenuOption): void {
  const key = kind === 'modifier' ? `option/${lower(option.name)}` : `option/${option.id}`;
  const known = rows.get(key);
  if (!known) {
    rows.set(key, { key, kind: 'option', name: option.name, where: dish.name, mark: option.veg_mark, ids: [option.id], available: option.available, until: option.unavailable_until, left: null });
    return;
  }
  known.ids.push(option.id);
  known.where = `${known.ids.length} dishes`;
  if (!option.available) {
    known.available = false;
    known.until = option.unavailable_until;
  }
}

/** All rows of a menu, dishes in menu order, then options by name. */
export function stockRows(menu: Menu): StockRow[] {
  const dishes: StockRow[] = [];
  const options = new Map<string, StockRow>();
  for (const section of menu.sections) {
    for (const item of section.items) {
      dishes.push({ key: `dish/${item.id}`, kind: 'dish', name: item.name, where: section.name, mark: item.veg_mark, ids: [item.id], available: item.available, until: item.unavailable_until, left: item.stock_left });
      for (const group of item.option_groups) for (const option of group.options) addOption(options, item, group.kind, option);
    }
  }
  return [...dishes, ...[...options.values()].sort((a, b) => a.name.localeCompare(b.name))];
}

/** Rows whose words contain every typed word. */
export function findRows(rows: StockRow[], query: string): StockRow[] {
  const words = lower(query).split(/\s+/).filter(Boolean);
  return rows.filter((row) => words.every((word) => `${lower(row.name)} ${lower(row.where)}`.includes(word)));
}

/** Which of the four choices a row stands on. The server keeps a time, not the choice: an end of day reads as "today". */
export function stateOf(row: StockRow, now: number): StockState {
  if (row.available) return 'in';
  if (!row.until) return 'changed';
  const end = Date.parse(row.until);
  const endOfDay = isoDay(end - 1) !== isoDay(end) || hourOfDay(end) >= 22 || isoDay(end) !== isoDay(now);
  return endOfDay || end - now > 4.1 * 3_600_000 ? 'today' : '4h';
}

/** The menu with the availability of some ids changed, for showing it before the server's word is read. */
export function withAnswer(menu: Menu, item: MenuItem): Menu {
  return { ...menu, sections: menu.sections.map((section) => ({ ...section, items: section.items.map((one) => (one.id === item.id ? item : one)) })) };
}
