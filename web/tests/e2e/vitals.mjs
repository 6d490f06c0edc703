// How the first screen of each face arrives. The layout must stand still; times are printed and judged by nobody,
// because they depend on the machine.

import assert from 'node:assert/strict';
import { ownKitchen, placeOrder } from './city.mjs';
import { enter, FACES } from './people.mjs';

const MOST_SHIFT = 0.05;
const SETTLE_MS = 1_500;

async function pages(city) {
  const [kitchen, order] = [await ownKitchen(city), await placeOrder(city)];
  return [['storefront', '/'], ['storefront', `/r/${kitchen.id}`], ['storefront', `/order/${order.id}`], ['kitchen', '/kitchen'],
    ['kitchen', '/kitchen/stock'], ['rider', '/rider'], ['ops', '/ops'], ['ops', '/ops/orders'], ['ops', '/ops/numbers']];
}

/** Notes the largest paint and every shift that nobody caused. */
function observe() {
  window.vitals = { lcp: 0, cls: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.vitals.lcp = Math.round(entry.startTime);
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.vitals.cls += entry.value;
      window.vitals.moved.push(...entry.sources.map(({ node }) => `${node?.nodeName} ${node?.className ?? ''}`));
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

export async function vitals(city, meet) {
  const lines = [];
  for (const [face, path] of await pages(city)) {
    const guest = await meet(`${face}${path.replaceAll('/', '-')}`, { ...FACES[face].device, permissions: ['geolocation'], geolocation: { latitude: 12.97, longitude: 77.6 } });
    await enter(city, guest, face);
    await guest.page.addInitScript(observe);
    // A new order pushes the kitchen's board down on purpose; so none arrives while this looks.
    if (face === 'kitchen') await guest.page.route('**/events', () => undefined);
    await guest.page.goto(city.base + path);
    await guest.page.locator('h1, h2').first().waitFor({ state: 'attached' });
    await guest.page.waitForTimeout(SETTLE_MS);
    const { lcp, cls, moved } = await guest.page.evaluate(() => window.vitals);
    lines.push(`${path.replace(/[\w-]{30,}/, '…')} LCP ${lcp} ms, CLS ${cls.toFixed(3)}`);
    assert.ok(cls <= MOST_SHIFT, `${path} shifts by ${cls.toFixed(3)}: ${moved.join(', ')}`);
    await guest.context.close();
  }
  return lines.join('; ');
}
