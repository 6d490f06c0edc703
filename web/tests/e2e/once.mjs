// One order, however often the button is pressed and whatever becomes of the answer.

import assert from 'node:assert/strict';
import { ask, ownKitchen } from './city.mjs';
import { enter, FACES } from './people.mjs';

async function orders(city) {
  return (await ask(city, 'customer', 'GET', '/orders?limit=100')).items.map((order) => order.id);
}

async function toCheckout(city, meet, expects) {
  const customer = await meet('customer', { ...FACES.storefront.device, expects });
  await enter(city, customer, 'storefront');
  const { page } = customer;
  await page.goto(`${city.base}/r/${(await ownKitchen(city)).id}`);
  await page.getByRole('button', { name: /^Add / }).nth(1).click();
  const sheet = page.getByRole('dialog');
  if (await sheet.isVisible()) await sheet.getByRole('button', { name: /^Add/ }).click();
  await page.getByRole('link', { name: /See the full bill/ }).first().click();
  await page.getByRole('radio', { name: /cash/i }).check();
  await page.getByRole('button', { name: /^Order · ₹/ }).waitFor();
  return page;
}

/** A double tap, and a third while the answer is on its way. */
export async function doubleTap(city, meet) {
  const page = await toCheckout(city, meet);
  const before = await orders(city);
  await page.route('**/orders', async (route) => {
    if (route.request().method() === 'POST') await new Promise((late) => setTimeout(late, 400));
    await route.continue();
  });
  await page.getByRole('button', { name: /^Order · ₹/ }).evaluate((button) => {
    button.click();
    button.click();
    setTimeout(() => button.click(), 150);
  });
  await page.waitForURL(/\/order\//);
  const made = (await orders(city)).filter((id) => !before.includes(id));
  assert.equal(made.length, 1, 'one order');
}

/** The order is made but its answer is lost; pressing again leads to the same order. */
export async function lostAnswer(city, meet) {
  const page = await toCheckout(city, meet, /ERR_FAILED/);
  const before = await orders(city);
  let lost = 0;
  await page.route('**/orders', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    assert.equal((await route.fetch()).status(), 201);
    return route.abort();
  });
  await page.getByRole('button', { name: /^Order · ₹/ }).click();
  await page.getByRole('button', { name: /^Try again/ }).click();
  await page.waitForURL(/\/order\//);
  const made = (await orders(city)).filter((id) => !before.includes(id));
  assert.equal(lost, 1, 'one answer was lost');
  assert.deepEqual(made, [new URL(page.url()).pathname.split('/').at(-1)], 'one order, and it is shown');
}
