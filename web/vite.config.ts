// Four HTML entries, one lock file, one output folder. No inline scripts and no
// data: addresses, because the server sends `default-src 'self'`.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/brotli.ts';
import { facePages } from './build/faces.ts';
import { precache, type Kept } from './build/precache.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const API = `http://127.0.0.1:${process.env['DABBA_PORT'] ?? '8000'}`;
const API_PATHS = [
  'auth', 'demo', 'cities', 'serviceability', 'restaurants', 'vendors', 'menu-items', 'menu-options', 'customers',
  'quotes', 'orders', 'real-time', 'couriers', 'shifts', 'offers', 'reviews', 'products', 'routes', 'users', 'analytics',
  'events', 'cache', 'enterprise', 'health', 'metrics', 'openapi.json', 'problems', 'track',
];

const inputs: Record<string, string> = {
  storefront: at('index.html'),
  kitchen: at('kitchen/index.html'),
  rider: at('rider/index.html'),
  ops: at('ops/index.html'),
};
inputs['rider-sw'] = at('src/rider/sw.ts');
inputs['storefront-sw'] = at('src/storefront/sw.ts');

const WORKERS: Kept[] = [
  { worker: 'rider/sw.js', entry: 'rider', shell: '/rider' },
  { worker: 'sw.js', entry: 'storefront', shell: '/', without: /CityMap/ },
];
const WORKER_FILES: Record<string, string> = { 'rider-sw': 'rider/sw.js', 'storefront-sw': 'sw.js' };

export default defineConfig({
  appType: 'mpa',
  plugins: [facePages(), svelte(), precache(WORKERS), precompress(at('dist'))],
  resolve: {
    alias: { $lib: at('src/lib') },
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  build: {
    outDir: 'dist',
    manifest: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: inputs,
      output: {
        entryFileNames: (chunk) => WORKER_FILES[chunk.name] ?? 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    port: Number(process.env['PORT'] ?? 5173),
    host: '127.0.0.1',
    strictPort: true,
    proxy: {
      [`^/(${API_PATHS.map((path) => path.replace('.', '\\.')).join('|')})(/|\\?|$)`]: { target: API },
      '^/ws$': { target: API, ws: true },
    },
  },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
