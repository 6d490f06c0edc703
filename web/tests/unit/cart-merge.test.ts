// Two carts of one person: what is done about each difference, and that nothing is lost.
import { describe, expect, it } from 'vitest';
import type { Cart, Menu, MenuItem } from '$lib/api/types';
import { makeLine, type CartState } from '../../src/storefront/cart-lines';
import { linesOf, markOf, merged, stepFor, type Seen } from '../../src/storefront/cart-merge';
import { filtersFrom } from '../../src/storefront/kitchens.svelte';
import { vegOn, vegQuery } from '../../src/storefront/veg';

const ghee = { id: 'ghee', name: 'Ghee', price_paise: 2000, available: true, unavailable_until: null, veg_mark: 'veg' as const };
const dish = (id: string): MenuItem => ({
  id, name: id, description: null, price_paise: 10_000, available: true, unavailable_until: null, stock_left: null, veg_mark: 'veg', allergens: [], packing_paise: 0, popular: false,
  option_groups: [{ id: 'fat', name: 'Fat', kind: 'modifier', min: 0, max: 1, options: [ghee] }],
});
const kitchen = (id: string) => ({ id, name: id, minimum_order_paise: 0 });

const here = (id: string | null, dishes: Record<string, number>, at = 0): CartState => ({
  restaurant: id ? kitchen(id) : null, lines: Object.entries(dishes).map(([name, quantity]) => makeLine(dish(name), [], '', quantity)), changed_at: at,
});
const there = (id: string | null, dishes: Record<string, number>, version = 0, at = 0): Cart => ({
  restaurant_id: id, version, changed_at: id ? new Date(at).toISOString() : null,
  lines: Object.entries(dishes).map(([name, quantity]) => ({ item_id: name, name, option_ids: [], quantity, note: null, unavailable: null })),
});
const seen = (cart: Cart): Seen => ({ customer: 'asha', version: cart.version, mark: markOf(cart.restaurant_id, cart.lines) });

describe('what to do about two carts', () => {
  const before = there('a', { dosa: 1 }, 7);

  it.each([
    ['equal carts are one', here('a', { dosa: 1 }), before, null, 'nothing'],
    ['a guest who logs in keeps the cart', here('a', { dosa: 1 }), there(null, {}), null, 'send'],
    ['a new browser gets what is kept', here(null, {}), before, null, 'take'],
    ['a change here goes out', here('a', { dosa: 2 }), before, seen(before), 'send'],
    ['emptied here', here(null, {}), before, seen(before), 'empty'],
    ['a change there comes in', here('a', { dosa: 1 }), there('a', { dosa: 3 }, 8), seen(before), 'take'],
    ['ordered there', here('a', { dosa: 1 }), there(null, {}), seen(before), 'take'],
    ['ordered there, and more wanted here', here('a', { dosa: 1, idli: 1 }), there(null, {}), seen(before), 'send'],
    ['emptied here, changed there: the dishes stay', here(null, {}), there('a', { dosa: 3 }, 8), seen(before), 'take'],
    ['both changed, one kitchen', here('a', { dosa: 2 }), there('a', { idli: 1 }, 8), seen(before), 'merge'],
    ['both changed, the newer kitchen is here', here('b', { idli: 1 }, 2000), there('c', { dosa: 1 }, 8, 1000), seen(before), 'keep-ours'],
    ['both changed, the newer kitchen is there', here('b', { idli: 1 }, 1000), there('c', { dosa: 1 }, 8, 2000), seen(before), 'keep-theirs'],
    ['a guest with another kitchen', here('b', { idli: 1 }, 2000), before, null, 'keep-ours'],
  ] as const)('%s', (_, ours, theirs, known, step) => {
    expect(stepFor(ours, theirs, known)).toBe(step);
  });

  it('knows equal content whatever its order', () => {
    expect(markOf('a', here('a', { dosa: 1, idli: 2 }).lines)).toBe(markOf('a', here('a', { idli: 2, dosa: 1 }).lines));
    expect(markOf('a', here('a', { dosa: 1 }).lines)).not.toBe(markOf('b', here('a', { dosa: 1 }).lines));
  });

  it('merges without doubling and without losing', () => {
    const both = merged(here('a', { dosa: 2, idli: 1 }).lines, here('a', { dosa: 1, vada: 3 }).lines);
    expect(both.map((line) => [line.name, line.quantity])).toEqual([['dosa', 2], ['idli', 1], ['vada', 3]]);
    expect(merged([], both)).toEqual(both);
  });
});

describe('kept lines', () => {
  const menu: Menu = { restaurant_id: 'a', menu_version: 1, sections: [{ id: 's', name: 'S', items: [{ ...dish('dosa'), available: false }] }] };
  const line = { item_id: 'dosa', name: 'Dosa', option_ids: ['ghee'], quantity: 30, note: ' crisp ', unavailable: 'item-unavailable' };

  it('get names and prices of today, also while they are sold out', () => {
    const { lines, gone } = linesOf([line], menu);
    expect(gone).toEqual([]);
    expect(lines[0]).toMatchObject({ options: ['Ghee'], unit_paise: 12_000, note: 'crisp', quantity: 20 });
  });

  it('are named when their dish or option left the menu', () => {
    expect(linesOf([{ ...line, option_ids: ['butter'] }, { ...line, item_id: 'idli', name: null }], menu)).toEqual({ lines: [], gone: ['Dosa'] });
    expect(linesOf([line], null)).toEqual({ lines: [], gone: ['Dosa'] });
  });
});

describe('veg only', () => {
  it('is what the person prefers unless the address says otherwise', () => {
    for (const preferred of [true, false]) {
      expect(filtersFrom(new URLSearchParams(), preferred).veg).toBe(preferred);
      for (const on of [true, false]) {
        const said = vegQuery(on, preferred);
        expect(vegOn(new URLSearchParams(said === null ? {} : { veg: said }), preferred)).toBe(on);
      }
    }
    expect(vegOn(new URLSearchParams('veg=1'), false)).toBe(true);
  });
});
