// The addresses of the kitchen: the board, one ticket, the stock.

import { Router } from '$lib/router.svelte';

export const router = new Router<'board' | 'ticket' | 'stock'>('/kitchen', [['/', 'board'], ['/ticket/:id', 'ticket'], ['/stock', 'stock']], 'board');
