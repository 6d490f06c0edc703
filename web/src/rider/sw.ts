// The rider's service worker. It keeps the face and everything it can load (texts in all languages, the map code),
// and the town map once it has been seen; all other requests go to the network untouched, because orders must never
// come from a cache. It imports nothing, so that it is one file at one address.

const FILES = '__DABBA_PRECACHE__' as unknown as string[];
const SHELL = '/rider';
const PREFIX = 'dabba-rider-';
const NAME = `${PREFIX}${fingerprint(FILES)}`;
const TOWN = 'dabba-town';
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

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && (pathname === SHELL || pathname.startsWith(`${SHELL}/`))) event.respondWith(shell(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(kept(request));
  else if (/^\/cities\/[^/]+\/map$/.test(pathname)) event.respondWith(town(event, request));
});

/** The page of the face: from the phone, at once; from the network only if it is not there. */
async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(SHELL)) ?? fetch(request);
}

/** Hashed files never change: the first copy is the right one. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** A copy without its `Date`: the face sets its clock by that header, and a kept answer would set it wrong. */
function undated(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const name of ['date', 'content-encoding', 'content-length']) headers.delete(name);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The town map: the kept one at once, a fresh one behind it. */
async function town(event: FetchEvent, request: Request): Promise<Response> {
  const cache = await caches.open(TOWN);
  const known = await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(request, undated(response.clone()));
    return response;
  });
  if (!known) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return known;
}
