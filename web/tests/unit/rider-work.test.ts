// What the screen of a rider puts in front.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, order } from './orders';

vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
const { rider } = await import('../../src/rider/rider.svelte');

const mine = { ...order('x', 'ready').courier!, id: '' };

afterEach(() => {
  rider.orders.clear();
  rider.chosen = null;
});

describe('the job in front', () => {
  it('after a pickup is the next bag at the counter, whichever was chosen before', async () => {
    const here = { ...mine, arrived_at_restaurant_at: at(9) };
    for (const [id, ready] of [['a', 11], ['b', 12]] as const) rider.put(order(id, 'ready', { courier: here, ready_at: at(ready) }));
    rider.chosen = 'b';
    expect(rider.job?.id).toBe('b');
    await rider.pickUp(rider.job!);
    expect(rider.jobs.map((job) => [job.id, job.status])).toEqual([['a', 'ready'], ['b', 'picked_up']]);
    expect(rider.job?.id).toBe('a');
  });
});
