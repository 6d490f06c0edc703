// Without a network: the rider goes on and nothing is lost or sent twice; the customer keeps cart and order.

import assert from 'node:assert/strict';
import { giveToRider, moveOrder, ownKitchen, placeOrder, readOrder, setShift } from './city.mjs';
import { enter, FACES, standingAt } from './people.mjs';

const CUT = /ERR_INTERNET_DISCONNECTED|Failed to fetch|NetworkError/;

/** Reload from the service worker, two actions on the phone, both delivered once when the network is back. */
export async function riderOffline(city, meet) {
  const rider = await meet('rider', { ...FACES.rider.device, ...standingAt(await ownKitchen(city)), expects: CUT });
  const { page, context } = rider;
  await enter(city, rider, 'rider');
  await setShift(city, true);
  const order = await placeOrder(city);
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 15 });
  await giveToRider(city, order.id);
  await moveOrder(city, 'restaurant', order.id, { status: 'ready' });
  await page.goto(`${city.base}/rider`);
  await page.getByText('I am at the restaurant').waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'I am at the restaurant' }).click();
  await page.getByRole('button', { name: 'I have the bag' }).click();
  await page.getByText('Saved on phone · 2 waiting to send').waitFor();
  await page.reload();
  await page.getByText('Saved on phone · 2 waiting to send').waitFor();
  assert.equal((await readOrder(city, order.id)).status, 'ready', 'nothing has reached the server');

  const sent = [];
  page.on('response', (answer) => {
    const request = answer.request();
    if (request.method() === 'POST' && request.url().includes(order.id)) sent.push(`${new URL(request.url()).pathname} ${answer.status()} ${request.headers()['idempotency-key']}`);
  });
  await context.setOffline(false);
  await page.getByText('All sent').first().waitFor();
  await page.reload();
  await page.getByText('All sent').first().waitFor();
  assert.equal(sent.length, 2, `two actions are sent once each, not ${sent.join(', ')}`);
  assert.equal(new Set(sent.map((one) => one.split(' ')[2])).size, 2, 'each action has a key of its own');
  await wentOnce(city, order.id);
}

async function wentOnce(city, id) {
  const { status, courier, timeline, delivery_code: code } = await readOrder(city, id);
  assert.equal(status, 'picked_up');
  assert.ok(courier.arrived_at_restaurant_at, 'the arrival is known');
  assert.equal(timeline.filter((step) => step.status === 'picked_up').length, 1);
  await moveOrder(city, 'courier', id, { status: 'delivered', code });
}

/** The network goes while a cart is being filled: the cart can still be read and changed, and the order on its
    way can be read, also after a reload. */
export async function customerOffline(city, meet) {
  const customer = await meet('customer', { ...FACES.storefront.device, expects: CUT });
  const { page, context } = customer;
  await enter(city, customer, 'storefront');
  const order = await placeOrder(city);
  await page.goto(`${city.base}/order/${order.id}`);
  await page.getByText('Free to cancel').waitFor();
  await page.goto(`${city.base}/r/${order.restaurant.id}`);
  await page.getByRole('button', { name: /^Add / }).nth(1).click();
  const sheet = page.getByRole('dialog');
  if (await sheet.isVisible()) await sheet.getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('link', { name: /See the full bill/ }).first().waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await context.setOffline(true);
  await page.getByText('You are offline').first().waitFor();
  await page.getByRole('link', { name: /See the full bill/ }).first().click();
  await page.getByRole('button', { name: /^One more / }).first().click();
  await page.goto(`${city.base}/checkout`);
  await page.getByRole('button', { name: /^One more / }).first().waitFor();
  await page.goto(`${city.base}/order/${order.id}`);
  await page.getByText('Free to cancel').waitFor();

  await context.setOffline(false);
  await page.goto(`${city.base}/r/${order.restaurant.id}`);
  await page.getByText(/2 items|2 dishes/).filter({ visible: true }).first().waitFor();
  await moveOrder(city, 'customer', order.id, { status: 'cancelled' });
}
