// Two orders of one kitchen in one offer: a rider takes both, fetches both bags and goes from door to door.

import assert from 'node:assert/strict';
import { account, ask, moveOrder, ownKitchen, placeOrder, readOrder, setShift } from './city.mjs';
import { enter, FACES, standingAt } from './people.mjs';

export async function twoOrdersOneTrip(city, meet) {
  const rider = await meet('rider', { ...FACES.rider.device, ...standingAt(await ownKitchen(city)) });
  const { page } = rider;
  await enter(city, rider, 'rider');
  await setShift(city, true);
  await page.goto(`${city.base}/rider`);
  await page.getByText('Waiting for an offer').waitFor();
  await isSeen(city);
  await bothReady(city);

  await page.getByText('2 orders, one pickup').waitFor({ timeout: 30_000 });
  const doors = page.getByRole('listitem');
  assert.equal(await doors.count(), 3, 'the counter and two doors');
  await page.getByRole('button', { name: /^Accept/ }).click();
  await page.getByText('2 bags to fetch here').waitFor();
  await page.getByRole('button', { name: /I am at the restaurant/ }).click();

  const orders = await inHand(city);
  await fetchBag(page, '1 of 2');
  await fetchBag(page, '2 of 2');
  for (const order of orders) await deliver(city, page, order);

  const ended = await Promise.all(orders.map(({ id }) => readOrder(city, id)));
  assert.deepEqual(ended.map(({ status }) => status), ['delivered', 'delivered']);
  assert.ok(ended[0].delivered_at <= ended[1].delivered_at, 'door after door, as the offer said');
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

async function fetchBag(page, place) {
  await page.getByText(`Pick up · ${place}`).waitFor();
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
