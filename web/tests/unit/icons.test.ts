// The sprite and the list of its names are the same list.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ICON_NAMES } from '$lib/ui/icon-names';

it('has one symbol for every name, in the same order', () => {
  const sprite = readFileSync(new URL('../../src/lib/ui/icons.svg', import.meta.url), 'utf8');
  const symbols = [...sprite.matchAll(/<symbol id="([^"]+)"/g)].map((match) => match[1]);
  expect(symbols).toEqual([...ICON_NAMES]);
});
