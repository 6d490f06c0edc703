// One person with two devices: one cart, nothing lost where both changed it, and preferences that come along.

import assert from 'node:assert/strict';
import { account, ask, ownKitchen } from './city.mjs';
import { enter, FACES } from './people.mjs';

const CUT = /ERR_INTERNET_DISCONNECTED|Failed to fetch|NetworkError|409/;

/** Waits until something of the API is as wanted. */
async function until(what, found) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await found()) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  assert.fail(`${what} did not come`);
}

async function keptCart(city) {
  const { customer_id: customer } = await account(city, 'customer');
  return ask(city, 'customer', 'GET', `/customers/${customer}/cart`);
}

/** Another kitchen that is open, and the dishes of a kitchen that need no choice. */
async function otherKitchen(city, own) {
  const { items } = await ask(city, 'customer', 'GET', '/restaurants?open_now=true&limit=50');
  for (const kitchen of items.filter((one) => one.id !== own)) if ((await plainDishes(city, kitchen.id)).length > 1) return kitchen;
  return assert.fail('no other kitchen is open');
}

async function plainDishes(city, kitchen) {
  const { sections } = await ask(city, 'customer', 'GET', `/restaurants/${kitchen}/menu`);
  return sections.flatMap((section) => section.items).filter((dish) => dish.available && dish.option_groups.length === 0);
}

async function add(page, dish) {
  await page.getByRole('button', { name: `Add ${dish.name}`, exact: true }).first().click();
}

/** A cart travels, a difference is settled, and the cart that lost is one tap away. */
export async function twoDevices(city, meet) {
  const own = await ownKitchen(city);
  const other = await otherKitchen(city, own.id);
  const [first, second] = await plainDishes(city, own.id);
  const [far] = await plainDishes(city, other.id);
  const phone = await meet('phone', { ...FACES.storefront.device, expects: CUT });
  const laptop = await meet('laptop', { viewport: { width: 1440, height: 900 }, expects: CUT });
  await enter(city, phone, 'storefront');
  await enter(city, laptop, 'storefront');

  await phone.page.goto(`${city.base}/r/${own.id}`);
  await add(phone.page, first);
  await until('the cart of the phone', async () => (await keptCart(city)).lines.length === 1);
  await laptop.page.goto(`${city.base}/r/${own.id}`);
  await laptop.page.locator('.slip').getByText(`1 × ${first.name}`).waitFor();

  await phone.page.goto(`${city.base}/r/${other.id}`);
  await phone.page.getByRole('button', { name: `Add ${far.name}`, exact: true }).first().waitFor();
  await phone.context.setOffline(true);
  await add(phone.page, far);
  await phone.page.getByRole('button', { name: 'Start a new one' }).click();
  await add(laptop.page, second);
  await until('the second dish', async () => (await keptCart(city)).lines.length === 2);
  await phone.context.setOffline(false);
  await phone.page.goto(city.base);
  await phone.page.getByText(`Another cart, from ${other.name}, is kept for you`).waitFor();
  assert.equal((await keptCart(city)).restaurant_id, own.id, 'the newer one won');

  await phone.page.getByRole('button', { name: 'Open that one' }).click();
  await until('the other cart', async () => (await keptCart(city)).restaurant_id === other.id);
  await phone.page.getByText(`Another cart, from ${own.name}, is kept for you`).waitFor();
  await phone.page.getByRole('button', { name: 'Let it go' }).click();
  await laptop.page.reload();
  await laptop.page.locator('.slip').getByText(`1 × ${far.name}`).waitFor();

  // Whoever logs out leaves nothing of it in the browser, and everything with the account.
  await laptop.page.goto(`${city.base}/my/account`);
  await laptop.page.getByRole('button', { name: 'Log out' }).click();
  await laptop.page.getByRole('link', { name: /Log in/ }).first().waitFor();
  const left = await laptop.page.evaluate(() => Object.keys(localStorage).filter((key) => /cart|preferences/.test(key)));
  assert.deepEqual(left, []);
  assert.equal((await keptCart(city)).lines.length, 1);
}

/** What is chosen on one device holds on the other. */
export async function preferencesFollow(city, meet) {
  const { customer_id: customer } = await account(city, 'customer');
  const path = `/customers/${customer}/preferences`;
  const phone = await meet('phone', FACES.storefront.device);
  const laptop = await meet('laptop', { viewport: { width: 1440, height: 900 } });
  try {
    await enter(city, phone, 'storefront');
    await phone.page.goto(`${city.base}/my/account`);
    await phone.page.getByRole('switch', { name: 'Veg only' }).click();
    await until('veg only', async () => (await ask(city, 'customer', 'GET', path)).diet === 'veg');
    await phone.page.getByRole('switch', { name: 'News' }).click();
    await until('news', async () => (await ask(city, 'customer', 'GET', path)).notifications.news);
    await phone.page.getByText('हिन्दी').click();
    await until('the language', async () => (await ask(city, 'customer', 'GET', path)).language === 'hi');
    await enter(city, laptop, 'storefront');
    await laptop.page.goto(city.base);
    await laptop.page.waitForFunction(() => document.documentElement.lang === 'hi');
    const veg = laptop.page.locator('.chips button').first();
    await until('the filter', async () => (await veg.getAttribute('aria-pressed')) === 'true');
    await veg.click();
    await laptop.page.waitForURL(/veg=0/);
    assert.equal((await ask(city, 'customer', 'GET', path)).diet, 'veg', 'a look around changes no preference');
  } finally {
    await ask(city, 'customer', 'PUT', path, { language: 'en', diet: 'any' });
  }
}
