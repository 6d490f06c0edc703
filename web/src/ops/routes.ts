// The addresses of the operations console.

import { Router } from '$lib/router.svelte';
import { PAGES, type PageName } from './pages';

export const router = new Router<PageName>('/ops', PAGES.map((page) => [page.path, page.name]), 'live');

/** The address of the live view with one order selected. */
export function liveOrder(id: string): string {
  return router.href(`/?order=${encodeURIComponent(id)}`).replace('/ops/?', '/ops?');
}

/** The address of the orders page with one order open. */
export function orderPage(id: string): string {
  return router.href(`/orders?order=${encodeURIComponent(id)}`);
}
