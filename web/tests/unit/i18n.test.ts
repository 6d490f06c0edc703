// Every language has every text, every placeholder and every plural form; nothing is left empty.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fill } from '$lib/i18n/i18n.svelte';

const root = new URL('../../src/lib/i18n/', import.meta.url);
const groups = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(new URL(`${entry.name}/`, root)).length > 0)
  .map((entry) => entry.name);
const languages = ['hi', 'ta'];

function texts(group: string, language: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`${group}/${language}.json`, root), 'utf8')) as Record<string, string>;
}

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe.each(groups)('%s', (group) => {
  const english = texts(group, 'en-IN');

  it.each(languages)('has the same keys in %s', (language) => {
    expect(Object.keys(texts(group, language)).sort()).toEqual(Object.keys(english).sort());
  });

  it.each(languages)('has the same placeholders in %s, and no empty text', (language) => {
    for (const [key, text] of Object.entries(texts(group, language))) {
      expect([...new Set(places(text))], key).toEqual([...new Set(places(english[key] ?? ''))]);
      expect(text.trim(), key).not.toBe('');
    }
  });

  it('has plural forms in pairs', () => {
    const base = (end: string): string[] => Object.keys(english).filter((key) => key.endsWith(end)).map((key) => key.slice(0, -end.length));
    expect(base('_one').sort()).toEqual(base('_other').sort());
  });
});

describe('fill', () => {
  it('puts values in and leaves unknown places standing', () => {
    expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});
