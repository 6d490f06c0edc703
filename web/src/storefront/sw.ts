// The storefront's service worker: with it a reload without network still shows the cart and the order on its way.
// Pages come from the network whenever there is one, so nobody sees an old storefront; hashed files come from the
// device, because they never change. Everything else goes to the network untouched: prices, menus and orders must
// never come from a cache. It imports nothing, so that it is one file at one address.

const FILES = '__DABBA_PRECACHE__' as unknown as string[];
const SHELL = '/';
const PREFIX = 'dabba-storefront-';
const NAME = `${PREFIX}${fingerprint(FILES)}`;
const PAGES = /^\/(?:$|r\/|checkout$|order\/|my\/|login$)/;
export {};
const worker = self as unknown as ServiceWorkerGlobalScope;

/** One short word for a list of hashed file names: a new build is a new cache. */
function fingerprint(files: string[]): string {
  let hash = 0x811c9dc5;
  for (const letter of files.join()) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(36);
}

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })))));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && PAGES.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(kept(request));
});

async function page(request: Request): Promise<Response> {
  return fetch(request).catch(async () => (await caches.match(SHELL, { cacheName: NAME })) ?? Response.error());
}

/** The copy of this build, or the file itself, which is then kept: the map for instance, once it has been looked at. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const known = await cache.match(request, { ignoreVary: true });
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}
