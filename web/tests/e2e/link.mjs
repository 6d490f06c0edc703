// A link to an order that is open while it ends: the page says so by itself, as it would to who opens it anew.

import { ask, moveOrder, placeOrder } from './city.mjs';
import { FACES } from './people.mjs';

export async function linkEnds(city, meet) {
  const order = await placeOrder(city);
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 30 });
  const { path } = await ask(city, 'customer', 'POST', `/orders/${order.id}/tracking-links`, {});
  const { page } = await meet('friend', { ...FACES.storefront.device, expects: /404/ });
  await page.goto(`${city.base}${path}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await ask(city, 'customer', 'DELETE', `/orders/${order.id}/tracking-links`);
  await page.getByText('This link has ended').waitFor();
}
