import { expect, test } from 'vitest';
import { fitted } from '$lib/shrink';
import { picturesUntil } from '../../src/ops/riders/papers';

test('a photo keeps its shape and loses only what is too long', () => {
  expect(fitted(4000, 3000, 1600)).toEqual({ width: 1600, height: 1200 });
  expect(fitted(3000, 4000, 1600)).toEqual({ width: 1200, height: 1600 });
  expect(fitted(640, 480, 1600)).toEqual({ width: 640, height: 480 });
  expect(fitted(9000, 2, 1600)).toEqual({ width: 1600, height: 1 });
});

test('what was seen reaches to the newest picture, by the microsecond', () => {
  const at = (received_at: string) => ({ picture: { received_at } as never });
  const since = '2026-11-20T06:00:00Z';
  expect(picturesUntil(since, [{ picture: null }])).toBe(since);
  expect(picturesUntil(since, [at('2026-11-20T06:00:00.1239Z'), at('2026-11-20T06:00:00.1234Z'), { picture: null }])).toBe('2026-11-20T06:00:00.1239Z');
  expect(picturesUntil(since, [at('2026-11-20T06:00:00.5Z'), at('2026-11-20T06:00:00.500001Z')])).toBe('2026-11-20T06:00:00.500001Z');
});
