// Gives each service worker the list of files to keep for offline work:
// the string `__DABBA_PRECACHE__` in `sw.js` becomes a JSON array of addresses.
import type { Plugin } from 'vite';

const MARK = '__DABBA_PRECACHE__';

/** A worker, the face it keeps, and what of the face is fetched only when it is asked for. */
export interface Kept {
  worker: string;
  entry: string;
  shell: string;
  without?: RegExp;
}

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

/** Lists everything that the entries can reach, once the names are known. */
export function precache(workers: Kept[]): Plugin {
  return {
    name: 'dabba-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, output) {
      const bundle = output as unknown as Record<string, Chunk & { name?: string; isEntry?: boolean }>;
      for (const { worker: file, entry: name, shell, without } of workers) {
        const worker = bundle[file];
        const entry = Object.values(bundle).find((chunk) => chunk.isEntry && chunk.name === name);
        if (!worker?.code || !entry) continue;
        const files = new Set<string>();
        reach(bundle, entry.fileName, files);
        const addresses = [shell, ...[...files].sort().filter((one) => !without?.test(one)).map((one) => `/${one}`)];
        worker.code = worker.code.replaceAll(new RegExp(`["'\`]${MARK}["'\`]`, 'g'), JSON.stringify(addresses));
      }
    },
  };
}
