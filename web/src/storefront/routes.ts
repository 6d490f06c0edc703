// The addresses of the storefront. `/orders` and `/restaurants` belong to the API, hence `/my/...` and `/r/...`.

import { Router } from '$lib/router.svelte';

export type ScreenName = 'home' | 'restaurant' | 'checkout' | 'order' | 'orders' | 'account' | 'login' | 'shared' | 'missing';

export const router = new Router<ScreenName>(
  '',
  [
    ['/', 'home'],
    ['/r/:id', 'restaurant'],
    ['/checkout', 'checkout'],
    ['/order/:id', 'order'],
    ['/my/orders', 'orders'],
    ['/my/account', 'account'],
    ['/login', 'login'],
    ['/t/:token', 'shared'],
  ],
  'missing',
);

/** Where to log in, coming back here afterwards. */
export function loginPath(next: string): string {
  return `/login?next=${encodeURIComponent(next)}`;
}
