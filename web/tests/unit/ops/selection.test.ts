import { describe, expect, it } from 'vitest';
import { afterHandled, chosen, step, worstFirst } from '../../../src/ops/live/selection';

describe('the selection of the live view', () => {
  const list = ['k26', 'd02', 'j17', 'm08'];

  it('is the worst exception on arrival, or what the address asks for', () => {
    expect(chosen(null, list)).toBe('k26');
    expect(chosen('h24', list)).toBe('h24');
    expect(chosen(null, [])).toBeNull();
  });

  it('moves with j and k and stays at the ends', () => {
    expect(step(list, 'k26', 1)).toBe('d02');
    expect(step(list, 'k26', -1)).toBe('k26');
    expect(step(list, 'm08', 1)).toBe('m08');
    expect(step([], 'k26', 1)).toBeNull();
  });

  it('comes into the list from outside at the near end', () => {
    expect(step(list, 'h24', 1)).toBe('k26');
    expect(step(list, null, -1)).toBe('m08');
  });

  it('goes on to the next worse one after an order was handled', () => {
    expect(afterHandled(list, 'd02', ['k26', 'j17', 'm08'])).toBe('j17');
  });

  it('skips what went away meanwhile and falls back to the one before', () => {
    expect(afterHandled(list, 'd02', ['k26', 'm08'])).toBe('m08');
    expect(afterHandled(list, 'm08', ['k26', 'd02'])).toBe('d02');
  });

  it('never stays on the handled order, even if the board still lists it', () => {
    expect(afterHandled(list, 'k26', list)).toBe('d02');
    expect(afterHandled(['k26'], 'k26', ['k26'])).toBeNull();
  });

  it('takes a new exception when all old ones are gone', () => {
    expect(afterHandled(['k26'], 'k26', ['l90'])).toBe('l90');
  });
});

describe('the list of open orders', () => {
  it('has exceptions first in their order, then the soonest promise', () => {
    const order = (id: string, promised_at: string) => ({ id, promised_at });
    const orders = [order('a', '13:30'), order('b', '13:10'), order('c', '13:20'), order('d', '13:40')];
    expect(worstFirst(orders, ['d', 'c']).map((one) => one.id)).toEqual(['d', 'c', 'b', 'a']);
  });
});
