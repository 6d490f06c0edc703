// Tells stories one after the other, in one city and one browser; on failure keeps a picture of every open page.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callOffOrders, emptyCart, startCity } from './city.mjs';
import { person, startBrowser } from './people.mjs';

const SHOTS = resolve(process.env.SHOTS ?? 'test-results');

/** Runs the stories whose title holds `only`; the exit code says whether all went well. */
export async function tell(stories, only = '') {
  const chosen = Object.entries(stories).filter(([title]) => title.includes(only));
  const city = await startCity();
  const browser = await startBrowser();
  let failed = chosen.length === 0 ? 1 : 0;
  const started = Date.now();
  try {
    for (const [title, story] of chosen) failed += (await one(city, browser, title, story)) ? 0 : 1;
  } finally {
    await browser.close();
    await city.stop();
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed (${seconds(started)} s)`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function one(city, browser, title, story) {
  const started = Date.now();
  const people = [];
  const meet = async (...args) => {
    const met = await person(browser, ...args);
    people.push(met);
    return met;
  };
  try {
    await emptyCart(city);
    await callOffOrders(city);
    const said = await story(city, meet);
    const errors = people.flatMap((met) => met.errors);
    if (errors.length > 0) throw new Error(`errors in the console:\n  ${errors.join('\n  ')}`);
    console.log(`ok   ${title}${said ? `: ${said}` : ''} (${seconds(started)} s)`);
    return true;
  } catch (error) {
    console.log(`FAIL ${title} (${seconds(started)} s)\n${error.stack}`);
    await keepPictures(title, people);
    return false;
  } finally {
    for (const met of people) await met.context.close().catch(() => undefined);
  }
}

async function keepPictures(title, people) {
  mkdirSync(SHOTS, { recursive: true });
  for (const met of people) {
    const path = join(SHOTS, `${title.replaceAll(/\W+/g, '-')}-${met.name}.png`);
    const taken = await met.page.screenshot({ path, timeout: 5_000 }).then(() => true, () => false);
    if (taken) console.log(`     see ${path}`);
  }
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);
