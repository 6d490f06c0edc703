// A kolam is the same for ever for the same outlet, differs between outlets, and is its own mirror image.
import { describe, expect, it } from 'vitest';
import { drawKolam, floorOf } from '$lib/ui/kolam';

const seeds = Array.from({ length: 40 }, (_, index) => `outlet-${index}`);

describe('drawKolam', () => {
  it('gives the same drawing for the same seed', () => {
    expect(drawKolam('ambika')).toEqual(drawKolam('ambika'));
  });

  it('gives many different drawings and every floor', () => {
    expect(new Set(seeds.map((seed) => drawKolam(seed).path)).size).toBeGreaterThan(20);
    expect(new Set(seeds.map(floorOf)).size).toBe(6);
  });

  it.each(seeds.slice(0, 8))('%s has dots that mirror in both axes and both diagonals', (seed) => {
    const dots = new Set(drawKolam(seed).dots.map(([x, y]) => `${(x - 50).toFixed(0)},${(y - 50).toFixed(0)}`));
    const has = (x: number, y: number): boolean => dots.has(`${x === 0 ? 0 : x},${y === 0 ? 0 : y}`) || dots.has(`${x === 0 ? '-0' : x},${y === 0 ? '-0' : y}`);
    for (const dot of dots) {
      const [x = 0, y = 0] = dot.split(',').map(Number);
      expect(has(-x, y) && has(x, -y) && has(y, x)).toBe(true);
    }
  });

  it.each(seeds.slice(0, 8))('%s stays inside its tile', (seed) => {
    const numbers = drawKolam(seed).path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(100);
  });
});
