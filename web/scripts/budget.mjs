// Fails when the JavaScript that a face needs for its first screen is heavier than agreed (gzip, in KB of 1,000 bytes).
// Counted: the entry and everything it imports statically. Not counted: what is loaded later, such as the map.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = { storefront: 60, kitchen: 80, rider: 120, ops: 150 };
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function reach(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) reach(next, seen);
  return seen;
}

function gzipped(file) {
  return gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
}

let failed = false;
for (const [face, limit] of Object.entries(BUDGET_KB)) {
  const entry = face === 'storefront' ? 'index.html' : `${face}/index.html`;
  const bytes = [...reach(entry)].reduce((sum, key) => sum + gzipped(manifest[key].file), 0);
  const kb = bytes / 1000;
  const over = kb > limit;
  failed ||= over;
  process.stdout.write(`${face.padEnd(11)} ${kb.toFixed(1).padStart(6)} KB of ${limit} KB${over ? '  TOO HEAVY' : ''}\n`);
}
process.exitCode = failed ? 1 : 0;
