// Every file that a shell names, and every file that those name, is there and is what it says.

import assert from 'node:assert/strict';
import { FACES } from './people.mjs';

const KINDS = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', png: 'image/png', webmanifest: 'application/manifest+json' };

export async function everyAsset(city) {
  const seen = new Set();
  for (const { path } of Object.values(FACES)) {
    const shell = await (await fetch(city.base + path, { headers: { accept: 'text/html' } })).text();
    const named = [...shell.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url]) => url);
    assert.ok(named.length > 0, `the shell at ${path} names files`);
    for (const url of named) await follow(city, new URL(url, city.base + path), seen);
  }
  await follow(city, new URL('/rider/sw.js', city.base), seen);
  return `${seen.size} files`;
}

async function follow(city, url, seen) {
  const known = url.pathname;
  if (url.origin !== city.base || seen.has(known) || !/\.\w+$/.test(known)) return;
  seen.add(known);
  const answer = await fetch(url);
  assert.equal(answer.status, 200, `${known} is there`);
  const kind = KINDS[known.split('.').at(-1)];
  assert.ok(kind && answer.headers.get('content-type')?.startsWith(kind), `${known} is ${kind}, not ${answer.headers.get('content-type')}`);
  if (known.startsWith('/assets/')) assert.match(answer.headers.get('cache-control'), /immutable/, `${known} is kept for ever`);
  if (kind === 'image/png') return;
  const text = await answer.text();
  for (const [name] of text.matchAll(/\/?assets\/[\w./-]+\.(?:js|css|svg|png|webmanifest)/g)) await follow(city, new URL(`/${name.replace(/^\//, '')}`, city.base), seen);
  for (const [, name] of text.matchAll(/["'(]\.\/([\w.-]+-[\w-]{8}\.(?:js|css|svg))/g)) await follow(city, new URL(`/assets/${name}`, city.base), seen);
}
