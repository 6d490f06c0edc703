// An order placed with the keyboard alone: Tab, Enter, Space and the arrows, from the list of kitchens to the tracking.

import assert from 'node:assert/strict';
import { ownKitchen } from './city.mjs';
import { enter } from './people.mjs';

const MOST_TABS = 150;

/** What has the focus: its role and name, and whether one can see that it has it. */
function focused(page) {
  return page.evaluate(() => {
    const one = document.activeElement;
    const by = document.getElementById(one.getAttribute('aria-labelledby'));
    const name = by?.textContent ?? one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
    const covered = top !== null && !one.contains(top) && !top.contains(one) && !one.labels?.[0]?.contains(top);
    return { name: name.trim().replaceAll(/\s+/g, ' '), tag: one.tagName.toLowerCase(), type: one.type ?? '', covered };
  });
}

/** Presses Tab until something with this name has the focus; it must not lie under a sticky bar. */
async function tabTo(page, name) {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    const one = await focused(page);
    if (!name.test(one.name)) continue;
    assert.ok(!one.covered, `“${one.name}” has the focus but lies under something`);
    return one;
  }
  throw new Error(`${MOST_TABS} tabs do not reach ${name}`);
}

export async function keyboardOnly(city, meet) {
  const customer = await meet('customer', { viewport: { width: 1280, height: 900 } });
  await enter(city, customer, 'storefront');
  const { page } = customer;
  const { name } = await ownKitchen(city);
  await page.goto(`${city.base}/?q=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name: new RegExp(name) }).first().waitFor();
  await tabTo(page, new RegExp(`^${name}`));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/r\//);
  await page.getByRole('button', { name: /^Add / }).first().waitFor();
  await tabTo(page, /^Add /);
  await page.keyboard.press('Enter');
  await finishSheet(page);
  await tabTo(page, /See the full bill/);
  await page.keyboard.press('Enter');
  await page.getByText(/To pay/).first().waitFor();
  await chooseCash(page);
  await page.getByRole('button', { name: /^Order · ₹/ }).first().waitFor();
  await tabTo(page, /^Order · ₹/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/order\//);
  await page.getByText('Free to cancel').waitFor();
}

/** If the dish has choices its sheet is open: take the first option of each group, then Add. */
async function finishSheet(page) {
  if (!(await page.getByRole('dialog').isVisible())) return;
  for (let tabs = 0; tabs < MOST_TABS && (await page.getByRole('dialog').isVisible()); tabs += 1) {
    await page.keyboard.press('Tab');
    const { name, type } = await focused(page);
    if (type === 'radio') await page.keyboard.press('Space');
    if (/^Add/.test(name)) await page.keyboard.press('Enter');
  }
}

/** The ways to pay are one group of radio buttons: Tab enters it, the arrows choose. */
async function chooseCash(page) {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).type === 'radio') break;
  }
  for (let arrows = 0; arrows < 4; arrows += 1) {
    await page.keyboard.press('Space');
    if (/cash/i.test((await focused(page)).name)) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error('the arrows do not reach cash');
}
