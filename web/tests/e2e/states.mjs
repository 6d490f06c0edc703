// Each screen while it loads, when the server fails, and when there is nothing to show: never blank, always a next step.
// The answers of the real server are held back, replaced by a refusal, or emptied on their way to the browser.

import assert from 'node:assert/strict';
import { account, ownKitchen, placeOrder } from './city.mjs';
import { enter, FACES } from './people.mjs';

const NONE = { items: [], next_cursor: null };
const NOTHING_CACHED = { node: '', hit_ratio: null, memory_bytes: 0, memory_budget_bytes: 1, items: [] };
const REFUSAL = { status: 500, contentType: 'application/problem+json', body: JSON.stringify({ type: '/problems/internal', code: 'internal', status: 500, title: 'Internal error' }) };

/** Screen by screen: its address, the question it lives by, and an answer that says "nothing" with what is shown then. */
async function screens(city) {
  const kitchen = await ownKitchen(city);
  const order = await placeOrder(city);
  const { customer_id: customer } = await account(city, 'customer');
  return {
    storefront: [
      { path: '/', asks: /\/restaurants\?/, none: NONE, says: /No kitchen/ },
      { path: `/r/${kitchen.id}`, asks: /\/restaurants\/[^/]+\/menu/, none: { sections: [] }, says: /Nothing|nothing/ },
      { path: `/order/${order.id}`, asks: /\/orders\/[\w-]{36}$/ },
      { path: '/my/orders', asks: /\/orders\?limit/, none: NONE, says: 'No order yet' },
      { path: '/my/account', asks: /\/customers\/[^/]+\/addresses/, none: NONE, says: 'No address saved yet' },
      { path: '/my/account', asks: /\/customers\/[^/]+\/preferences/ },
      { path: '/checkout', none: null, says: 'Your cart is empty' },
    ],
    kitchen: [
      { path: '/kitchen', asks: /\/orders\?/, none: NONE, says: /Start service/ },
      { path: `/kitchen/ticket/${order.id}`, asks: /\/orders(\?|\/[\w-]{36}$)/ },
      { path: '/kitchen/stock', asks: /\/menu$/, none: { sections: [] }, says: 'no dishes yet' },
    ],
    rider: [
      { path: '/rider', asks: /\/couriers\/[^/]+$/ },
      { path: '/rider/money', asks: /\/earnings/ },
      { path: '/rider/outbox', none: null, says: 'All sent' },
    ],
    ops: [
      { path: '/ops', asks: /\/real-time\/live-orders/ },
      { path: '/ops/orders', asks: /\/orders\?/, none: NONE, says: /No (such )?orders/i },
      { path: `/ops/orders?order=${order.id}`, asks: /\/orders\/[\w-]{36}$/ },
      { path: '/ops/customers', asks: /\/customers\?/, none: NONE, says: /No|Nobody/ },
      { path: `/ops/customers?customer=${customer}`, asks: /\/customers\/[\w-]{36}$/ },
      { path: '/ops/riders', asks: /\/couriers\?/, none: NONE, says: /No|Nobody/ },
      { path: '/ops/kitchens', asks: /\/restaurants\?/, none: NONE, says: 'No such kitchens' },
      { path: '/ops/numbers', asks: /\/analytics\/revenue/ },
      { path: '/ops/arrivals', asks: /\/analytics\/eta-calibration/ },
    ],
    admin: [
      { path: '/ops/cache', asks: /\/cache\/stats\/detailed/, none: NOTHING_CACHED, says: 'Nothing is cached yet' },
      { path: '/ops/cache?ns=menu_items', asks: /\/cache\/keys\//, none: { namespace: 'menu_items', total: 0, matching: 0, ...NONE }, says: 'This node holds none' },
      { path: '/ops/cache?ns=menu_items', asks: /\/cache\/invalidations/, none: { node: '', invalidations: 0, removed: 0, by_hand: 0, longest_ms: 0, items: [] }, says: 'Nothing was cleared yet' },
      { path: '/ops/cache?log=hand', asks: /\/cache\/clears/, none: NONE, says: 'Nobody has cleared anything' },
    ],
  };
}

export function statesOf(face) {
  return async (city, meet) => {
    const guest = await meet(face, { ...FACES[face].device, serviceWorkers: 'block', expects: /status of 500/ });
    await enter(city, guest, face);
    // A phone that knows nothing yet: with a kept state the rider would go on with that, and the customer with what they prefer.
    await guest.context.addInitScript(() => ['dabba.rider.kept', 'dabba.storefront.preferences'].forEach((kept) => localStorage.removeItem(kept)));
    const faults = [];
    let states = 0;
    const tryOut = async (name, work) => {
      states += 1;
      await work().catch((error) => faults.push(`${name}: ${error.message.split('\n')[0]}`));
      await guest.page.unrouteAll({ behavior: 'ignoreErrors' });
    };
    for (const screen of (await screens(city))[face]) {
      if (screen.asks) {
        await tryOut(`${screen.path} loading`, () => loading(city, guest, screen));
        await tryOut(`${screen.path} failed`, () => failing(city, guest, screen));
      }
      if (screen.none !== undefined) await tryOut(`${screen.path} empty`, () => empty(city, guest, screen));
    }
    assert.deepEqual(faults, []);
    return `${states} states`;
  };
}

/** While the answer is held back there are bones, and when it comes the screen stands. */
async function loading(city, { page }, { path, asks }) {
  let held = [];
  await page.route(asks, (route) => (held ? held.push(route) : route.continue()));
  await page.goto(city.base + path);
  await page.locator('.sk').first().waitFor({ timeout: 5_000 });
  const late = held;
  held = null;
  await Promise.all(late.map((route) => route.continue().catch(() => undefined)));
  await page.locator('.sk').first().waitFor({ state: 'detached', timeout: 10_000 });
}

/** A refusal is said in words, and one can try again; then the screen stands. Some screens do it by themselves, when
    the event stream tells of something new, before anybody has clicked. */
async function failing(city, { page }, { path, asks }) {
  let refusing = true;
  await page.route(asks, (route) => (refusing ? route.fulfill(REFUSAL) : route.continue()));
  await page.goto(city.base + path);
  const again = page.getByRole('button', { name: 'Try again' }).first();
  await again.waitFor({ timeout: 5_000 });
  refusing = false;
  const gone = () => again.waitFor({ state: 'detached', timeout: 2_000 }).then(() => true, () => false);
  for (let tries = 0; tries < 5; tries += 1) {
    await again.click({ timeout: 3_000 }).catch(() => undefined);
    if (await gone()) return;
  }
  assert.fail('"Try again" stays, however often one does');
}

async function empty(city, { page }, { path, asks, none, says }) {
  if (asks) await page.route(asks, (route) => route.fulfill({ json: none }));
  await page.goto(city.base + path);
  await page.getByText(says).first().waitFor({ timeout: 5_000 });
}
