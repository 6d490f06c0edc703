// Writes a `.br` file beside every text file of the build, so that the server
// can send the small form without compressing anything at run time.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt)$/;
const SMALLEST_WORTH_IT = 512;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Compresses what Vite has written, with brotli at its highest quality. */
export function precompress(outDir: string): Plugin {
  return {
    name: 'dabba-precompress',
    apply: 'build',
    enforce: 'post',
    async closeBundle() {
      for (const file of await filesBelow(outDir)) {
        if (file.endsWith('.br')) {
          await rm(file, { force: true });
        }
      }
      for (const file of await filesBelow(outDir)) {
        if (!COMPRESSIBLE.test(file) || file.includes('.vite')) continue;
        const content = await readFile(file);
        if (content.length < SMALLEST_WORTH_IT) continue;
        const small = brotliCompressSync(content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
        });
        await writeFile(`${file}.br`, small);
      }
    },
  };
}
