// What stands where on the kitchen's board, and what a time says about it.

import { describe, expect, it } from 'vitest';
import { answerRing, groupBoard, lateBy, leftToAnswer, minutes, riderIsSilent, roundEnds, timeUsed } from '../../src/kitchen/board';
import { noticeFor } from '../../src/kitchen/notices';
import { at, order, START } from './orders';

const now = (minute: number): number => START + minute * 60_000;

describe('the groups of the board', () => {
  it('put accepted and preparing together, late ones first, and leave picked-up ones out', () => {
    const board = groupBoard(
      [
        order('h21', 'preparing', { promised_ready_at: at(20) }),
        order('j17', 'accepted', { promised_ready_at: at(9) }),
        order('k11', 'preparing', { promised_ready_at: at(14) }),
        order('m03', 'picked_up'),
      ],
      'r1',
    );
    expect(board.preparing.map((one) => one.id)).toEqual(['j17', 'k11', 'h21']);
    expect([...board.fresh, ...board.ready]).toEqual([]);
  });

  it('put the new order with the nearest deadline first', () => {
    const board = groupBoard([order('h25', 'placed', { accept_by: at(4) }), order('h24', 'placed', { accept_by: at(2) })], 'r1');
    expect(board.fresh.map((one) => one.id)).toEqual(['h24', 'h25']);
  });

  it('show one kitchen at a time, and every kitchen when none is named', () => {
    const other = order('l04', 'placed', { restaurant: { ...order('x', 'placed').restaurant, id: 'r2' } });
    expect(groupBoard([order('h24', 'placed'), other], 'r1').fresh.map((one) => one.id)).toEqual(['h24']);
    expect(groupBoard([order('h24', 'placed'), other], null).fresh).toHaveLength(2);
  });

  it('hide ready tickets that were taken from the board, and only those', () => {
    const board = groupBoard([order('h19', 'ready', { ready_at: at(12) }), order('m03', 'ready', { ready_at: at(10) })], 'r1', new Set(['h19']));
    expect(board.ready.map((one) => one.id)).toEqual(['m03']);
  });
});

describe('the times of an order', () => {
  it('count down to the deadline and stop at zero', () => {
    const fresh = order('h24', 'placed');
    expect(leftToAnswer(fresh, now(2))).toBe(60_000);
    expect(leftToAnswer(fresh, now(5))).toBe(0);
    expect(Math.round(answerRing(fresh, now(2)))).toBe(33);
    expect(answerRing(fresh, now(9))).toBe(0);
  });

  it('say how late a ticket is and how much of its time is used', () => {
    const ticket = order('h21', 'preparing');
    expect(lateBy(ticket, now(10))).toBe(0);
    expect(minutes(lateBy(ticket, now(18.5)))).toBe(3);
    expect(timeUsed(ticket, now(8.5))).toBe(50);
    expect(timeUsed(ticket, now(40))).toBe(100);
  });

  it('call a rider silent after a minute and a half without a fix', () => {
    const courier = { ...order('x', 'ready').courier!, fix_at: at(10) };
    expect(riderIsSilent(order('h19', 'ready', { courier }), now(11))).toBe(false);
    expect(riderIsSilent(order('h19', 'ready', { courier }), now(12))).toBe(true);
    expect(riderIsSilent(order('h19', 'ready', { courier: null }), now(12))).toBe(false);
  });

  it('offer ends on the quarter hour, at least twenty minutes away', () => {
    const ends = roundEnds(Date.parse('2026-11-20T07:18:00Z')).map((end) => new Date(end).toISOString().slice(11, 16));
    expect(ends).toEqual(['07:45', '08:00', '08:30']);
  });
});

describe('an order that ends without the kitchen', () => {
  it('is a missed one after silence, with what happens to the money', () => {
    const gone = order('h24', 'rejected', { reason: 'no-answer', ended_at: at(3), timeline: [{ status: 'rejected', at: at(3), actor: 'system', reason: 'no-answer' }] });
    const notice = noticeFor(gone, 'placed');
    expect(notice?.title).toBe('H24 was missed');
    expect(notice?.text).toContain('₹270 goes back');
  });

  it('says to stop cooking when it was cancelled on the fire', () => {
    const gone = order('k11', 'cancelled', { ended_at: at(9), timeline: [{ status: 'cancelled', at: at(9), actor: 'staff', reason: null }] });
    expect(noticeFor(gone, 'preparing')?.title).toBe('Stop cooking K11');
    expect(noticeFor(gone, 'placed')?.tone).toBe('info');
    expect(noticeFor(gone, 'placed')?.text).toContain('Cancelled by dispatch');
  });

  it('says nothing about a delivered one or about the kitchen’s own refusal', () => {
    expect(noticeFor(order('h19', 'delivered'), 'ready')).toBeNull();
    expect(noticeFor(order('h24', 'rejected', { timeline: [{ status: 'rejected', at: at(1), actor: 'restaurant', reason: null }] }), 'placed')).toBeNull();
  });
});
