// A browser, and people who sit in front of it.

import { chromium } from 'playwright-core';
import { freshLogin } from './city.mjs';

/** The faces: where each begins, who uses it, and on what. An administrator uses the one of operations. */
export const FACES = {
  storefront: { path: '/', role: 'customer', device: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  kitchen: { path: '/kitchen', role: 'restaurant', device: { viewport: { width: 1024, height: 768 }, hasTouch: true } },
  rider: { path: '/rider', role: 'courier', device: { viewport: { width: 360, height: 800 }, hasTouch: true } },
  ops: { path: '/ops', role: 'dispatcher', device: { viewport: { width: 1440, height: 900 } } },
  admin: { path: '/ops', face: 'ops', role: 'admin', device: { viewport: { width: 1440, height: 900 } } },
};

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync',
      '--disable-component-update', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
  });
}

/** Somebody with a browser of their own. Whatever the console calls an error is remembered in `errors`, except what
    `expects` matches: a test that cuts the network hears the browser complain. */
export async function person(browser, name, { expects, ...options } = {}) {
  const context = await browser.newContext({ locale: 'en-IN', timezoneId: 'Asia/Kolkata', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const errors = [];
  const note = (text) => expects?.test(text) || errors.push(`${name}: ${text}`);
  page.on('console', (message) => message.type() === 'error' && note(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => note(error.message));
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

/** Gives a browser the login of a face before its first page, as if it had logged in there yesterday. */
export async function enter(city, { context }, name) {
  const { role, face = name } = FACES[name];
  const tokens = await freshLogin(city, role);
  const kept = { access: tokens.access_token, refresh: tokens.refresh_token, expiresAt: Date.now() + tokens.expires_in * 1000 };
  await context.addInitScript(({ face, kept, user }) => {
    if (localStorage.getItem(`dabba.${face}.login`)) return;
    localStorage.setItem(`dabba.${face}.login`, JSON.stringify(kept));
    localStorage.setItem(`dabba.${face}.user`, JSON.stringify(user));
  }, { face, kept, user: tokens.user });
}

/** A phone that stands at a place of the town. */
export function standingAt({ lat, lng }) {
  return { geolocation: { latitude: lat, longitude: lng }, permissions: ['geolocation'] };
}
