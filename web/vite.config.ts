// Four HTML entries, one lock file, one output folder. No inline scripts and no
// data: addresses, because the server sends `default-src 'self'`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/brotli.ts';
import { facePages } from './build/faces.ts';
import { riderPrecache } from './build/precache.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const API = `http://127.0.0.1:${process.env['DABBA_PORT'] ?? '8000'}`;
const API_PATHS = [
  'auth', 'demo', 'cities', 'serviceability', 'restaurants', 'vendors', 'menu-items', 'menu-options', 'customers',
  'quotes', 'orders', 'real-time', 'couriers', 'offers', 'reviews', 'products', 'routes', 'users', 'analytics',
  'events', 'cache', 'enterprise', 'health', 'metrics', 'openapi.json', 'problems',
];

const inputs: Record<string, string> = {
  storefront: at('index.html'),
  kitchen: at('kitchen/index.html'),
  rider: at('rider/index.html'),
  ops: at('ops/index.html'),
};
if (existsSync(at('src/rider/sw.ts'))) inputs['rider-sw'] = at('src/rider/sw.ts');

export default defineConfig({
  appType: 'mpa',
  plugins: [facePages(), svelte(), riderPrecache(), precompress(at('dist'))],
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
        entryFileNames: (chunk) => (chunk.name === 'rider-sw' ? 'rider/sw.js' : 'assets/[name]-[hash].js'),
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
