// The cache page in the hands of an administrator: a namespace is cleared by typing its name, warmed again, switched off
// and on, a changed menu stands in the log; and nobody else gets to see it.

import assert from 'node:assert/strict';
import { ask, changeMenu, readMenus } from './city.mjs';
import { enter, FACES } from './people.mjs';

const NAMESPACE = 'menu_items';

async function entries(city) {
  const { items } = await ask(city, 'admin', 'GET', '/cache/stats/namespaces');
  return items.find((one) => one.namespace === NAMESPACE).entries;
}

export async function cacheByHand(city, meet) {
  const admin = await meet('admin', FACES.admin.device);
  const { page } = admin;
  await enter(city, admin, 'admin');
  await readMenus(city);
  await page.goto(`${city.base}/ops`);
  await page.getByRole('link', { name: 'Cache' }).click();
  await page.getByText('Hit ratio, last hour').first().waitFor();
  await searchAndLook(city, page);
  const cleared = await clearByName(city, page);
  await warm(city, page);
  await switchOffAndOn(page);
  await menuInLog(city, page);
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await page.getByText('open order').first().waitFor();
  return `${cleared} keys cleared and loaded again`;
}

/** A part of a key finds it; looking at it shows the menu that a guest gets. What is personal shows no answer. */
async function searchAndLook(city, page) {
  const { items } = await ask(city, 'admin', 'GET', `/cache/keys/${NAMESPACE}`);
  const { key } = items[0];
  await page.getByRole('row', { name: new RegExp(`^${NAMESPACE}`) }).click();
  const keys = page.getByRole('region', { name: `Keys of ${NAMESPACE}` });
  await keys.getByLabel('Search keys').fill(key.slice(9).toUpperCase());
  await keys.getByText(/^1 of \d+/).waitFor();
  await keys.getByRole('button', { name: `Look at ${key}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('ETag').waitFor();
  assert.match(await dialog.getByRole('region', { name: 'Answer' }).textContent(), /"items"|"sections"|"name"/);
  await page.keyboard.press('Escape');
  await keys.getByLabel('Search keys').fill('no such key');
  await keys.getByText('None contains “no such key”').waitFor();
  await keys.getByLabel('Search keys').fill('');
  await keys.getByRole('button', { name: /^Look at/ }).first().waitFor();
}

/** The button works only for the whole name; then the counts and the record say what went. */
async function clearByName(city, page) {
  const before = await entries(city);
  assert.ok(before > 0, 'there is something to clear');
  await page.getByRole('button', { name: `Clear ${NAMESPACE}`, exact: true }).click();
  const form = page.getByRole('form', { name: `Clear ${NAMESPACE}` });
  const name = form.getByLabel(`Type ${NAMESPACE} to clear it`);
  const button = form.getByRole('button', { name: /^Clear/ });
  assert.ok(await name.evaluate((input) => input === document.activeElement), 'the name has the focus');
  await name.fill(NAMESPACE.slice(0, -1));
  assert.ok(await button.isDisabled(), 'half a name is not enough');
  await form.getByLabel('Why').fill('prices were imported');
  await name.fill(NAMESPACE);
  await name.press('Enter');
  await form.getByText(/keys? cleared/).waitFor();
  const told = Number((await form.getByText(/keys? cleared/).textContent()).match(/\d+/)[0]);
  assert.ok(told > 0 && told <= before + 1, `${told} of ${before} keys`);
  await page.getByText('By hand', { exact: true }).last().click();
  await page.getByRole('row', { name: new RegExp(`The operator: “prices were imported” ${NAMESPACE} ${told}`) }).waitFor();
  return told;
}

/** Warming shows how far it is, to its end, and the keys are back. */
async function warm(city, page) {
  await page.getByRole('button', { name: `Warm ${NAMESPACE}` }).click();
  const record = page.getByLabel('Chosen namespace');
  await record.getByText(/^Warm(ing|ed) by hand/).first().waitFor();
  await record.getByText(/\d+ loaded, \d+ fresh already/).waitFor();
  assert.equal(await record.getByRole('progressbar').getAttribute('aria-valuenow'), '100');
  assert.ok(await entries(city) > 0, 'the keys are back');
}

/** While a namespace is off its row says so; a reason is needed both ways. */
async function switchOffAndOn(page) {
  const row = page.getByRole('row', { name: new RegExp(`^${NAMESPACE}`) });
  await row.getByRole('switch').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: `Switch ${NAMESPACE} off` }).click();
  await dialog.getByText('The reason is needed').waitFor();
  await dialog.getByLabel('Why').fill('a test of the switch');
  await dialog.getByRole('button', { name: `Switch ${NAMESPACE} off` }).click();
  await row.getByText('bypass').waitFor();
  await row.getByRole('switch').click();
  await dialog.getByLabel('Why').fill('the test is over');
  await dialog.getByRole('button', { name: `Switch ${NAMESPACE} on` }).click();
  await row.getByText('bypass').waitFor({ state: 'detached' });
}

/** A changed menu is forgotten in two ways, and is one line that names the namespace once. */
async function menuInLog(city, page) {
  await changeMenu(city);
  await page.goto(`${city.base}/ops/cache?ns=${NAMESPACE}&log=namespace`);
  await page.getByRole('heading', { name: `Cleared by events and by hand, ${NAMESPACE}` }).waitFor();
  const row = page.getByRole('row', { name: /A menu or its prices changed/ }).first();
  await row.waitFor();
  assert.equal((await row.textContent()).split(NAMESPACE).length, 2, 'named once');
}

/** The desk finds neither link nor page, and the server would not answer it. */
export async function cacheForAdministrators(city, meet) {
  const desk = await meet('ops', FACES.ops.device);
  const { page } = desk;
  await enter(city, desk, 'ops');
  await page.goto(`${city.base}/ops/cache`);
  await page.getByText('Cache is for administrators').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Cache' }).count(), 0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('cache');
  await page.getByText('Nothing fits').waitFor();
  await assert.rejects(ask(city, 'dispatcher', 'GET', '/cache/stats/detailed'), /403/);
}
