// A demo city of its own, a browser, and people who sit in front of it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const SHOTS = resolve(process.env.SHOTS ?? 'test-results');

/** A port that nobody uses. */
async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Starts `dabba demo` on a temporary database; `stop` ends it and removes the database. */
export async function startCity() {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'dabba-e2e-'));
  const binary = resolve(process.env.DABBA ?? '../target/debug/dabba');
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = process.env;
  const child = spawn(binary, ['demo'], {
    env: { ...env, DABBA_PORT: String(port), DABBA_DATA: data },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const base = `http://127.0.0.1:${port}`;
  await untilReady(base, child);
  const logins = await (await fetch(`${base}/demo/logins`)).json();
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((late) => setTimeout(late, 5_000))]);
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { base, stop, logins };
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

/** Asks the API as somebody. */
export async function ask(city, role, method, path, body) {
  const { login, password } = city.logins.find((one) => one.role === role);
  city.tokens ??= {};
  city.tokens[role] ??= await post(`${city.base}/auth/login`, { login, password });
  const answer = await fetch(city.base + path, {
    method,
    headers: { authorization: `Bearer ${city.tokens[role].access_token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** The account of a demo login. */
export async function account(city, role) {
  return ask(city, role, 'GET', '/auth/me');
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync',
      '--disable-component-update', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
  });
}

/** Somebody with a browser of their own. Whatever the console calls an error is remembered in `errors`. */
export async function person(browser, name, options) {
  const context = await browser.newContext({ locale: 'en-IN', timezoneId: 'Asia/Kolkata', ...options });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => errors.push(`${name}: ${error.message}`));
  page.setDefaultTimeout(20_000);
  return { name, page, errors, context };
}

/** Logs somebody in through the one-tap demo logins. */
export async function logIn(city, { page }, path, login) {
  await page.goto(city.base + path);
  const button = page.getByRole('button', { name: new RegExp(`^${login}\\b`) });
  await button.click();
  await button.waitFor({ state: 'detached' });
}

/** Runs stories one after the other; on failure, keeps a picture of every open page. */
export async function tell(stories) {
  const city = await startCity();
  const browser = await startBrowser();
  let failed = 0;
  try {
    for (const [title, story] of Object.entries(stories)) {
      const started = Date.now();
      const people = [];
      const meet = async (...args) => {
        const one = await person(browser, ...args);
        people.push(one);
        return one;
      };
      try {
        await story(city, meet);
        const errors = people.flatMap((one) => one.errors);
        if (errors.length > 0) throw new Error(`errors in the console:\n  ${errors.join('\n  ')}`);
        console.log(`ok   ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL ${title}\n${error.stack}`);
        for (const one of people) {
          const path = join(SHOTS, `${title.replaceAll(' ', '-')}-${one.name}.png`);
          await one.page.screenshot({ path }).catch(() => undefined);
          console.log(`     see ${path}`);
        }
      }
      for (const one of people) await one.context.close();
    }
  } finally {
    await browser.close();
    await city.stop();
  }
  const told = Object.keys(stories).length;
  console.log(`${told - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
