// The pages of the operations console. The rail, the palette and the `g` keys all read this one list,
// so a page that does not exist can be reached from nowhere, and one that a role may not see is offered to nobody of it.

import type { Role } from '$lib/api/types';
import type { IconName } from '$lib/ui/icon-names';

export type PageName = 'live' | 'orders' | 'riders' | 'kitchens' | 'customers' | 'numbers' | 'arrivals' | 'cache';

export interface PageEntry {
  name: PageName;
  path: string;
  /** The word in the rail. */
  short: string;
  /** The heading of the page. */
  title: string;
  icon: IconName;
  /** The second key after `g`. */
  key: string;
  /** Whose page it is; without it, everybody's who may use the console. */
  roles?: Role[];
}

/** Every page, in the order of the rail. */
export const PAGES: PageEntry[] = [
  { name: 'live', path: '/', short: 'Live', title: 'Live', icon: 'map', key: 'l' },
  { name: 'orders', path: '/orders', short: 'Orders', title: 'Orders', icon: 'list', key: 'o' },
  { name: 'riders', path: '/riders', short: 'Riders', title: 'Riders', icon: 'scooter', key: 'r' },
  { name: 'kitchens', path: '/kitchens', short: 'Kitchens', title: 'Kitchens', icon: 'store', key: 'k' },
  { name: 'customers', path: '/customers', short: 'People', title: 'Customers', icon: 'users', key: 'c' },
  { name: 'numbers', path: '/numbers', short: 'Numbers', title: 'Numbers', icon: 'chart', key: 'n' },
  { name: 'arrivals', path: '/arrivals', short: 'Arrivals', title: 'Arrivals', icon: 'clock', key: 'a' },
  { name: 'cache', path: '/cache', short: 'Cache', title: 'Cache', icon: 'db', key: 'h', roles: ['admin'] },
];

/** The pages that a role may see. */
export function pagesFor(role: Role | undefined): PageEntry[] {
  return PAGES.filter((page) => !page.roles || (role !== undefined && page.roles.includes(role)));
}
