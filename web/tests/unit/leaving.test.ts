// Whoever logs out takes everything of theirs along: the next person at this browser sees and sends nothing of it.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CartState } from '../../src/storefront/cart-lines';

const disk = new Map<string, string>();
const calls: string[] = [];
const PREFERENCES = { language: 'en', diet: 'veg', spice: null, allergens: ['peanut'], offers: false, news: false, default_address_id: null, default_tip_paise: 0, version: 1 };
const EMPTY = { restaurant_id: null, lines: [], version: 0 };

const json = (body: unknown): Response => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
const answer = (method: string, path: string): Response => {
  calls.push(`${method} ${path}`);
  return path.endsWith('/preferences') ? json(PREFERENCES) : path.endsWith('/cart') ? json(EMPTY) : new Response(null, { status: 204 });
};

/** A page that was just loaded: modules anew, the disk as it was left. */
async function page() {
  vi.resetModules();
  const [{ cart }, { followCart }, { leave }, { preferences }, { session }] = await Promise.all([
    import('../../src/storefront/cart.svelte'),
    import('../../src/storefront/cart-sync.svelte'),
    import('../../src/storefront/leave'),
    import('../../src/storefront/preferences.svelte'),
    import('$lib/session.svelte'),
  ]);
  return { cart, followCart, leave, preferences, session };
}

const user = (customer: string) => ({ id: `u-${customer}`, name: customer, role: 'customer' as const, customer_id: customer }) as never;
const of = (restaurant: string): CartState => ({
  restaurant: { id: restaurant, name: restaurant } as never,
  lines: [{ key: 'dosa', item_id: 'dosa', name: 'Dosa', quantity: 1, option_ids: [], options: [], note: '', unit_paise: 1 } as never],
});
const kept = (): string[] => [...disk.keys()].filter((key) => /cart|preferences/.test(key));
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

beforeEach(() => {
  disk.clear();
  calls.length = 0;
  const storage = { getItem: (key: string) => disk.get(key) ?? null, setItem: (key: string, text: string) => void disk.set(key, text), removeItem: (key: string) => void disk.delete(key) };
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('window', { addEventListener: () => {}, removeEventListener: () => {} });
  vi.stubGlobal('document', { addEventListener: () => {}, removeEventListener: () => {}, documentElement: {}, visibilityState: 'visible' });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => answer(init.method ?? 'GET', path));
});

describe('leaving', () => {
  it('leaves neither cart, nor carts set aside, nor preferences', async () => {
    const { cart, leave, preferences, session } = await page();
    session.user = user('asha');
    cart.adopt(of('annapurna'));
    cart.setAside(of('udupi'));
    await preferences.load('asha');
    disk.set('dabba.storefront.cart.seen', JSON.stringify({ customer: 'asha', version: 1, mark: 'x' }));
    expect(kept()).toHaveLength(4);
    await leave();
    expect([cart.dishes, cart.aside, preferences.all]).toEqual([0, null, null]);
    expect(kept()).toEqual([]);
    const next = await page();
    next.session.user = user('ravi');
    expect([next.cart.dishes, next.cart.aside, next.preferences.all]).toEqual([0, null, null]);
  });

  it('drops an answer that comes after the person has left', async () => {
    const { preferences, session } = await page();
    session.user = user('asha');
    const late = preferences.load('asha');
    session.user = null;
    preferences.forget();
    await late;
    expect(kept()).toEqual([]);
  });

  it('sends nothing of somebody whose login ran out into the next account', async () => {
    const { cart, followCart, session } = await page();
    cart.adopt(of('annapurna'));
    cart.setAside(of('udupi'));
    disk.set('dabba.storefront.cart.seen', JSON.stringify({ customer: 'asha', version: 1, mark: 'x' }));
    session.user = user('ravi');
    const end = followCart('ravi');
    await settled();
    end();
    expect([cart.dishes, cart.aside]).toEqual([0, null]);
    expect(calls).toEqual(['GET /customers/ravi/cart']);
  });

  it('takes a cart that was filled before any login into the account', async () => {
    const { cart, followCart, session } = await page();
    cart.adopt(of('annapurna'));
    session.user = user('ravi');
    const end = followCart('ravi');
    await settled();
    end();
    expect(cart.dishes).toBe(1);
    expect(calls.slice(0, 2)).toEqual(['GET /customers/ravi/cart', 'PUT /customers/ravi/cart']);
  });
});
