// A demo city: one of its own on a temporary database, or one that runs already. And what its people do through the API.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PAPER } from './paper.mjs';

/** A port that nobody uses. */
async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** A city that runs already, for instance by `dabba demo`. */
export async function visitCity(base) {
  const logins = await fetch(`${base}/demo/logins`).catch(() => null);
  if (!logins?.ok) throw new Error(`no demo answers at ${base}; start one with \`dabba demo\``);
  return { base, logins: await logins.json(), tokens: {} };
}

/** Starts `dabba demo` on a temporary database; `stop` ends it and removes the database. */
export async function startCity() {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'dabba-e2e-'));
  const binary = resolve(process.env.DABBA ?? '../target/debug/dabba');
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = process.env;
  const child = spawn(binary, ['demo'], {
    env: { ...env, DABBA_PORT: String(port), DABBA_DATA: data, DABBA_LOG: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const base = `http://127.0.0.1:${port}`;
  await untilReady(base, child);
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((late) => setTimeout(late, 5_000))]);
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { ...(await visitCity(base)), stop };
}

async function untilReady(base, child) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    const ready = await fetch(`${base}/health/ready`).catch(() => null);
    if (ready?.ok) return;
    await new Promise((later) => setTimeout(later, 200));
  }
  throw new Error('the server did not become ready within a minute');
}

/** A new login for a role: what a browser may keep and renew without ending another's. */
export function freshLogin(city, role) {
  const { login, password } = city.logins.find((one) => one.role === role);
  return send(city, 'POST', '/auth/login', { login, password });
}

/** The tokens with which this program asks as a role. */
async function tokensOf(city, role) {
  city.tokens[role] ??= await freshLogin(city, role);
  return city.tokens[role];
}

/** Asks the API as somebody. */
export async function ask(city, role, method, path, body) {
  const { access_token: token } = await tokensOf(city, role);
  return send(city, method, path, body, { authorization: `Bearer ${token}` });
}

async function send(city, method, path, body, headers = {}) {
  const answer = await fetch(city.base + path, {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
  return text ? JSON.parse(text) : null;
}

/** The account of a demo login. */
export async function account(city, role) {
  return (await tokensOf(city, role)).user;
}

/** Empties the cart of the demo's customer: what one story left in it is none of the next one's business. */
export async function emptyCart(city) {
  const { customer_id: customer } = await account(city, 'customer');
  return ask(city, 'customer', 'DELETE', `/customers/${customer}/cart`);
}

/** Calls off what no rider carries yet, so that no story meets the offers of the one before. */
export async function callOffOrders(city) {
  const { items } = await ask(city, 'dispatcher', 'GET', '/orders?active=true&limit=100');
  for (const { id, status } of items) {
    if (status !== 'picked_up') await unlessTooLate(moveOrder(city, 'dispatcher', id, { status: 'cancelled', reason: 'other' }));
  }
}

/** Waits for what may come too late: the town lives, and its people carry, refuse, call off and go home in the same moment. */
export async function unlessTooLate(asked) {
  try {
    await asked;
  } catch (error) {
    if (error.status !== 409) throw error;
  }
}

/** The kitchen that the demo's restaurant login cooks in. */
export async function ownKitchen(city) {
  const { restaurant_ids: [id] } = await account(city, 'restaurant');
  return ask(city, 'customer', 'GET', `/restaurants/${id}`);
}

/** Reads the list of kitchens and some menus, each twice: the cache misses once and hits once. */
export async function readMenus(city) {
  const { items } = await ask(city, 'customer', 'GET', '/restaurants?limit=12');
  for (const { id } of [...items, ...items]) {
    await ask(city, 'customer', 'GET', `/restaurants/${id}`);
    await ask(city, 'customer', 'GET', `/restaurants/${id}/menu`);
  }
}

/** Takes a dish off the menu and puts it back: two changes of the menu, after which it is as before. */
export async function changeMenu(city) {
  const { restaurant_ids: [restaurant] } = await account(city, 'restaurant');
  const { sections } = await ask(city, 'restaurant', 'GET', `/restaurants/${restaurant}/menu`);
  const { id } = sections.flatMap((section) => section.items).find((item) => item.available);
  for (const available of [false, true]) await ask(city, 'restaurant', 'POST', `/menu-items/${id}/availability`, { available, until: 'changed' });
}

/** Orders two dishes from the demo kitchen to the customer's first address, cash at the door. */
export async function placeOrder(city) {
  const { customer_id: customer } = await account(city, 'customer');
  const { restaurant_ids: [restaurant] } = await account(city, 'restaurant');
  const { items: [address] } = await ask(city, 'customer', 'GET', `/customers/${customer}/addresses`);
  const { sections } = await ask(city, 'customer', 'GET', `/restaurants/${restaurant}/menu`);
  const dishes = sections.flatMap((section) => section.items).filter((item) => item.available && item.option_groups.every((group) => group.min === 0));
  const lines = dishes.slice(0, 2).map((item, index) => ({ item_id: item.id, quantity: 3 - index, option_ids: [] }));
  const quote = await ask(city, 'customer', 'POST', '/quotes', { restaurant_id: restaurant, lines, address_id: address.id, tip_paise: 2000 });
  const { id } = await ask(city, 'customer', 'POST', '/orders', { quote_id: quote.id, payment: { method: 'cod' } });
  return readOrder(city, id);
}

/** An order as its customer sees it. */
export function readOrder(city, id) {
  return ask(city, 'customer', 'GET', `/orders/${id}`);
}

/** Moves an order one step, as the role that may. */
export function moveOrder(city, role, id, update) {
  return ask(city, role, 'POST', `/real-time/update-order-status/${id}`, update);
}

/** The desk gives an order to the demo's rider. */
export async function giveToRider(city, id) {
  const { courier_id } = await account(city, 'courier');
  await setShift(city, true);
  return ask(city, 'dispatcher', 'POST', `/orders/${id}/assign`, { courier_id, note: 'The rider stands at the counter' });
}

/** The demo's rider begins or ends the shift. */
export async function setShift(city, on) {
  const { courier_id } = await account(city, 'courier');
  return ask(city, 'courier', 'POST', `/couriers/${courier_id}/shift`, { on });
}

/** An open shift of tomorrow. */
export async function planShift(city) {
  const { courier_id: courier } = await account(city, 'courier');
  const { city_id } = await ask(city, 'courier', 'GET', `/couriers/${courier}`);
  const tomorrow = Date.now() + 86_400_000;
  const at = (hours) => new Date(tomorrow + hours * 3_600_000).toISOString();
  return ask(city, 'dispatcher', 'POST', '/shifts', { city_id, starts_at: at(0), ends_at: at(4), places: 1 });
}

/** A phone that nobody has. */
export function newPhone() {
  return `+9170${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
}

/** The code that was sent to a phone last, as the demo's mailbox shows it: another one than was asked for before. */
export async function codeFor(city, phone) {
  city.codes ??= new Map();
  for (let tries = 0; tries < 50; tries += 1) {
    const messages = await fetch(`${city.base}/demo/mailbox`).then((answer) => answer.json());
    const code = (messages.items ?? messages).find((one) => (one.to ?? one.recipient) === phone)?.body.match(/^\d{6}/)?.[0];
    if (code && code !== city.codes.get(phone)) {
      city.codes.set(phone, code);
      return code;
    }
    await new Promise((later) => setTimeout(later, 200));
  }
  throw new Error(`no code came for ${phone}`);
}

/** Puts a picture of a paper where a path says. */
async function putPicture(city, path, headers) {
  const answer = await fetch(city.base + path, { method: 'PUT', headers, body: PAPER.buffer });
  if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
}

/** Somebody on a scooter applies, with a picture of each paper but the last. */
export async function applyAsRider(city, phone = newPhone()) {
  const { items: [{ id }] } = await send(city, 'GET', '/cities');
  await send(city, 'POST', '/auth/otp', { phone });
  const far = `${new Date().getFullYear() + 3}-05-31`;
  const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const application = await send(city, 'POST', '/couriers/applications', {
    phone, code: await codeFor(city, phone), name: 'Devi Rao', city_id: id, vehicle: 'scooter', languages: ['kn', 'en'],
    documents: [
      { kind: 'driving_licence', number: 'KA01 20190001234', expires_on: far },
      { kind: 'vehicle_registration', number: 'KA 01 AB 1234', expires_on: far },
      { kind: 'insurance', number: 'POL/2026/77', expires_on: soon },
      { kind: 'pan', number: 'AAZPZ0001A' },
      { kind: 'identity', number: '7058' },
    ],
  });
  for (const one of application.documents.filter((one) => one.kind !== 'identity')) {
    await putPicture(city, `/couriers/applications/${application.id}/documents/${one.id}/picture`, { 'application-pass': application.picture_pass });
  }
  return application;
}

/** The demo's rider hands a PAN in, with a picture. */
export async function handInPaper(city) {
  const { courier_id } = await account(city, 'courier');
  const { items } = await ask(city, 'courier', 'POST', `/couriers/${courier_id}/documents`, { kind: 'pan', number: 'AAZPZ0001A' });
  const waiting = items.find((one) => one.kind === 'pan' && one.state === 'submitted');
  const { access_token: token } = await tokensOf(city, 'courier');
  await putPicture(city, `/couriers/${courier_id}/documents/${waiting.id}/picture`, { authorization: `Bearer ${token}` });
}
