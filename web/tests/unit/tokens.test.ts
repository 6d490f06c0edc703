// Every pair of text and ground that the faces use is readable, in both themes: 4.5:1 for text, 3:1 for outlines.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../src/lib/tokens.css', import.meta.url), 'utf8');

function token(name: string, dark: boolean): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1] ?? '';
  const pair = /light-dark\((#\w+),\s*(#\w+)\)/.exec(value);
  const colour = pair ? pair[dark ? 2 : 1] : /^#\w+$/.exec(value.trim())?.[0];
  if (!colour) throw new Error(`no colour in --${name}: ${value}`);
  return colour;
}

function luminance(hex: string): number {
  const part = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['paper', 'card', 'sunk', 'raise'];
const onGrounds = ['ink', 'muted', 'leaf', 'hot-text', 'info', 'ok', 'wait', 'late', 'off', 'veg', 'nonveg', 'egg'];
const lids = [1, 2, 3, 4, 5, 6].map((number) => `lid-${number}`);
const floors = [1, 2, 3, 4, 5, 6].map((number) => `floor-${number}`);
const TEXT: [text: string, ground: string][] = [
  ...onGrounds.flatMap((text) => grounds.map((ground): [string, string] => [text, ground])),
  ...lids.map((text): [string, string] => [text, 'card']),
  ...floors.map((ground): [string, string] => ['kolam', ground]),
  ...['info', 'ok', 'wait', 'late', 'off'].map((tone): [string, string] => [tone, `${tone}-soft`]),
  ...['info', 'ok', 'wait', 'late', 'off', 'hot', 'leaf'].map((tone): [string, string] => ['ink', `${tone}-soft`]),
  ...['muted', 'leaf'].map((text): [string, string] => [text, 'leaf-soft']),
  ...['muted', 'late'].map((text): [string, string] => [text, 'late-soft']),
  ['hot-text', 'hot-soft'], ['on-leaf', 'leaf'], ['on-hot', 'hot'], ['on-late', 'late-fill'], ['on-deep', 'leaf-deep'], ['on-deep-2', 'leaf-deep'],
  ['on-toast', 'toast'], ['toast-act', 'toast'], ['m-label', 'm-land'],
];

describe.each([['light', false], ['dark', true]] as const)('%s theme', (_name, dark) => {
  it.each(TEXT)('%s on %s reads at 4.5:1', (text, ground) => {
    expect(contrast(token(text, dark), token(ground, dark))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(grounds)('control outlines on %s are seen at 3:1', (ground) => {
    expect(contrast(token('edge', dark), token(ground, dark))).toBeGreaterThanOrEqual(3);
  });
});
