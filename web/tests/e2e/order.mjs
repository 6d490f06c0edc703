// One order through all four faces: ordered, accepted, given to a rider by the desk, carried, handed over.

import assert from 'node:assert/strict';
import { account, ask } from './city.mjs';
import { FACES, logIn, standingAt } from './people.mjs';

export async function oneOrder(city, meet) {
  const kitchenAccount = await account(city, 'restaurant');
  const restaurant = await ask(city, 'customer', 'GET', `/restaurants/${kitchenAccount.restaurant_ids[0]}`);

  const customer = await meet('customer', { viewport: { width: 1280, height: 900 } });
  const kitchen = await meet('kitchen', FACES.kitchen.device);
  const rider = await meet('rider', { ...FACES.rider.device, ...standingAt(restaurant) });
  const desk = await meet('desk', FACES.ops.device);

  await logIn(city, kitchen, '/kitchen', 'kitchen');
  await kitchen.page.getByRole('button', { name: 'Start service' }).click();
  await logIn(city, rider, '/rider', 'rider');
  await rider.page.getByRole('button', { name: 'Start shift' }).click();

  const number = await placeOrder(city, customer, restaurant);
  const order = await findOrder(city, number);

  const ticket = kitchen.page.getByRole('article').filter({ hasText: number }).first();
  await ticket.getByRole('button', { name: /^Accept/ }).click();
  await customer.page.getByText(/Kitchen accepted/i).first().waitFor();

  await assign(city, desk, order, number);
  await carry(city, rider, kitchen, order, number);

  await customer.page.getByText(/Delivered/i).first().waitFor({ timeout: 30_000 });
  const ended = await ask(city, 'customer', 'GET', `/orders/${order.id}`);
  assert.equal(ended.status, 'delivered');
  assert.deepEqual(
    ended.timeline.map((step) => step.status).filter((status) => status !== 'preparing'),
    ['placed', 'accepted', 'ready', 'picked_up', 'delivered'],
  );
}

async function placeOrder(city, customer, restaurant) {
  const { page } = customer;
  await logIn(city, customer, '/login', 'asha');
  await page.getByRole('link', { name: 'Asha Hegde' }).waitFor();
  await page.goto(`${city.base}/r/${restaurant.id}`);
  await page.getByRole('button', { name: /^Add / }).nth(1).click();
  const sheet = page.getByRole('dialog');
  if (await sheet.isVisible().catch(() => false)) await sheet.getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('link', { name: /See the full bill/ }).first().click();
  await page.getByText(/To pay/i).first().waitFor();
  await page.getByRole('radio', { name: /cash/i }).check();
  await page.getByRole('button', { name: /^Order · ₹/ }).click();
  await page.waitForURL(/\/order\//);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return (await ask(city, 'customer', 'GET', `/orders/${id}`)).number;
}

async function findOrder(city, number) {
  const { items } = await ask(city, 'customer', 'GET', '/orders?active=true');
  const order = items.find((one) => one.number === number);
  assert.ok(order, `order ${number} is among the customer's open orders`);
  return order;
}

async function assign(city, desk, order, number) {
  const { page } = desk;
  await logIn(city, desk, '/ops', 'dispatch');
  await page.goto(`${city.base}/ops?order=${order.id}`);
  await page.getByText(number).first().waitFor();
  const { courier_id: courier } = await account(city, 'courier');
  const { name } = await ask(city, 'courier', 'GET', `/couriers/${courier}`);
  await page.getByText(name, { exact: true }).last().click();
  await page.getByRole('textbox', { name: /Why by hand/ }).fill('The rider is at the counter');
  await page.getByRole('button', { name: /^Assign to/ }).click();
}

async function carry(city, rider, kitchen, order, number) {
  const { page } = rider;
  await page.getByText(number).first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: /I am at the restaurant/ }).click();
  await kitchen.page.getByRole('article').filter({ hasText: number }).first().getByRole('button', { name: /Ready/ }).click();
  await page.getByRole('button', { name: /I have the bag/ }).click();
  const { delivery_code: code } = await ask(city, 'customer', 'GET', `/orders/${order.id}`);
  for (const digit of code) await page.getByRole('button', { name: digit, exact: true }).click();
}
