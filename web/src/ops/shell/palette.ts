// What the palette offers for a text: pages, actions, orders by number, riders, kitchens. Matching is by the beginning
// of a word; orders come first when the text looks like an order number.

import type { IconName } from '$lib/ui/icon-names';

export interface PaletteEntry {
  id: string;
  group: 'Orders' | 'Pages' | 'Actions' | 'Riders' | 'Kitchens';
  title: string;
  detail: string;
  icon: IconName;
  run: () => void;
}

const GROUPS: PaletteEntry['group'][] = ['Orders', 'Pages', 'Actions', 'Riders', 'Kitchens'];
const PER_GROUP = 6;

/** Whether any word of `title` begins with `text`, or the title does without its spaces. */
export function matches(title: string, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase('en-IN');
  if (!wanted) return true;
  const given = title.toLocaleLowerCase('en-IN');
  if (given.startsWith(wanted)) return true;
  return wanted.split(/\s+/).every((part) => given.split(/[\s&·-]+/).some((word) => word.startsWith(part)));
}

/** Whether the text could be an order number: a letter and digits. */
export function looksLikeNumber(text: string): boolean {
  return /^[a-z]\d{0,4}$/i.test(text.trim());
}

/** The entries to show, group by group. Without a text only pages and actions are offered. */
export function rank(entries: PaletteEntry[], text: string): PaletteEntry[] {
  const empty = text.trim() === '';
  const fitting = entries.filter((entry) => (empty ? entry.group === 'Pages' || entry.group === 'Actions' : matches(entry.title, text)));
  const order = looksLikeNumber(text) ? GROUPS : [...GROUPS.slice(1), GROUPS[0]!];
  return order.flatMap((group) => fitting.filter((entry) => entry.group === group).slice(0, empty ? 20 : PER_GROUP));
}
