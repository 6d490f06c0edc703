// Gives the rider's service worker the list of files to keep for offline work:
// the string `__DABBA_PRECACHE__` in `sw.js` becomes a JSON array of addresses.
import type { Plugin } from 'vite';

const WORKER = 'rider/sw.js';
const MARK = '__DABBA_PRECACHE__';

interface Chunk {
  type: 'chunk' | 'asset';
  fileName: string;
  code?: string;
  imports?: string[];
  dynamicImports?: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

function reach(bundle: Record<string, Chunk>, start: string, seen: Set<string>): void {
  const chunk = bundle[start];
  if (!chunk || seen.has(start)) return;
  seen.add(start);
  for (const css of chunk.viteMetadata?.importedCss ?? []) seen.add(css);
  for (const asset of chunk.viteMetadata?.importedAssets ?? []) seen.add(asset);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) reach(bundle, next, seen);
}

/** Lists everything that the rider's entry can reach, once the names are known. */
export function riderPrecache(): Plugin {
  return {
    name: 'dabba-rider-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, output) {
      const bundle = output as unknown as Record<string, Chunk & { name?: string; isEntry?: boolean }>;
      const worker = bundle[WORKER];
      const entry = Object.values(bundle).find((chunk) => chunk.isEntry && chunk.name === 'rider');
      if (!worker?.code || !entry) return;
      const files = new Set<string>();
      reach(bundle, entry.fileName, files);
      const addresses = ['/rider', ...[...files].sort().map((file) => `/${file}`)];
      worker.code = worker.code.replaceAll(`"${MARK}"`, JSON.stringify(addresses)).replaceAll(`'${MARK}'`, JSON.stringify(addresses)).replaceAll(`\`${MARK}\``, JSON.stringify(addresses));
    },
  };
}
