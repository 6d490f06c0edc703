// Two orders of one kitchen in one offer: a rider takes both, fetches both bags and goes from door to door, and whoever
// waits for the second hears how many doors come before theirs.

import assert from 'node:assert/strict';
import { account, ask, moveOrder, ownKitchen, placeOrder, readOrder, setShift, unlessTooLate } from './city.mjs';
import { enter, FACES, standingAt } from './people.mjs';

export async function twoOrdersOneTrip(city, meet) {
  const rider = await meet('rider', { ...FACES.rider.device, ...standingAt(await ownKitchen(city)) });
  const { page } = rider;
  await enter(city, rider, 'rider');
  await setShift(city, true);
  await page.goto(`${city.base}/rider`);
  await page.getByText('Waiting for an offer').waitFor();
  await isSeen(city);
  const ridesOn = await othersRest(city);
  try {
    await takesBoth(city, page);
  } finally {
    await ridesOn();
  }
  const orders = await inHand(city);
  await page.getByRole('button', { name: /I am at the restaurant/ }).click();
  await fetchBag(page);
  // One bag after the other, before the first door.
  await page.getByRole('group', { name: 'Your jobs' }).getByText('deliver').waitFor();
  await fetchBag(page);
  const customer = await meet('customer', FACES.storefront.device);
  await enter(city, customer, 'storefront');
  await customer.page.goto(`${city.base}/order/${orders[1].id}`);
  await customer.page.getByText('on the way, one stop before yours').waitFor();
  await deliver(city, page, orders[0]);
  await customer.page.getByText('on the way, yours is next').waitFor();
  await deliver(city, page, orders[1]);

  const ended = await Promise.all(orders.map(({ id }) => readOrder(city, id)));
  assert.deepEqual(ended.map(({ status }) => status), ['delivered', 'delivered']);
  assert.ok(ended[0].delivered_at <= ended[1].delivered_at, 'door after door, as the offer said');
}

/** Two orders are offered together, and taken. */
async function takesBoth(city, page) {
  await bothReady(city);
  await page.getByText('2 orders, one pickup').waitFor({ timeout: 30_000 });
  const doors = page.getByRole('listitem');
  assert.equal(await doors.count(), 3, 'the counter and two doors');
  await page.getByRole('button', { name: /^Accept/ }).click();
  await page.getByText('2 bags to fetch here').waitFor();
}

/** All other riders of the town rest, so that this one is asked; answers what ends that. */
async function othersRest(city) {
  const { courier_id: own } = await account(city, 'courier');
  const { items } = await ask(city, 'dispatcher', 'GET', '/couriers?on_shift=true&limit=100');
  const others = items.filter(({ id }) => id !== own);
  const rest = (minutes) => Promise.all(others.map(({ id }) => unlessTooLate(ask(city, 'dispatcher', 'POST', `/couriers/${id}/break`, { minutes }))));
  await rest(10);
  return () => rest(null);
}

/** The rider's phone has said where it is. */
async function isSeen(city) {
  const { courier_id: courier } = await account(city, 'courier');
  for (let tries = 0; tries < 60; tries += 1) {
    const { fix_at: at } = await ask(city, 'courier', 'GET', `/couriers/${courier}`);
    if (at && Date.now() - Date.parse(at) < 30_000) return;
    await new Promise((later) => setTimeout(later, 500));
  }
  throw new Error('the phone said nothing for half a minute');
}

/** Two orders stand on the counter at the same moment. */
async function bothReady(city) {
  const orders = [await placeOrder(city), await placeOrder(city)];
  for (const { id } of orders) await moveOrder(city, 'restaurant', id, { status: 'accepted', prep_minutes: 30 });
  await Promise.all(orders.map(({ id }) => moveOrder(city, 'restaurant', id, { status: 'ready' })));
}

/** The rider's orders, first door first. */
async function inHand(city) {
  const { items } = await ask(city, 'courier', 'GET', '/orders?active=true');
  assert.equal(items.length, 2, 'both or none');
  return items.sort((a, b) => a.courier.stop - b.courier.stop);
}

async function fetchBag(page) {
  await page.getByText('Ask for this lid').waitFor();
  await page.getByRole('button', { name: /I have the bag/ }).and(page.locator(':enabled')).click();
}

async function deliver(city, page, order) {
  await page.getByText(/digit code/).waitFor();
  const lid = page.locator('main').getByText(order.number, { exact: true }).first();
  await lid.waitFor();
  const { delivery_code: code } = await readOrder(city, order.id);
  for (const digit of code) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByText(`${order.number} is delivered.`).waitFor();
}
