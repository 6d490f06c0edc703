import { describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../../src/lib/api/problem';
import type { Courier, RevenueAnalytics } from '../../../src/lib/api/types';
import { Debounced } from '../../../src/lib/debounce';
import { fieldErrorText, formErrors } from '../../../src/lib/field-error';
import { phoneWord, plainPhone } from '../../../src/ops/customers/words';
import { kitchenState } from '../../../src/ops/kitchens/state';
import { aheadText, awayText, doorText, impossibleText, onOfferText, reasonWord, shortNames } from '../../../src/ops/live/words';
import { axis, dayBounds, hoursOf, hourWord, story } from '../../../src/ops/numbers/hours';
import { reasonText } from '../../../src/ops/orders/closing';
import { freeRiders, isSilent } from '../../../src/ops/riders/fix';
import { looksLikeNumber, matches, rank, type PaletteEntry } from '../../../src/ops/shell/palette';
import { staleness, type Freshness } from '../../../src/ops/shell/stale';

const NOW = Date.parse('2026-11-20T07:18:00Z');

describe('staleness', () => {
  const fresh: Freshness = { link: 'live', lastAt: NOW - 2_000, boardAt: NOW - 5_000, failed: false, now: NOW };

  it('is not worth a word while all is well or a break is short', () => {
    expect(staleness(fresh)).toBeNull();
    expect(staleness({ ...fresh, link: 'reconnecting' })).toBeNull();
  });

  it('says the age when the link is lost', () => {
    expect(staleness({ ...fresh, link: 'reconnecting', lastAt: NOW - 40_000, boardAt: NOW - 60_000 })).toEqual({ says: 'link', ageS: 40 });
  });

  it('says when the board itself could not be fetched', () => {
    expect(staleness({ ...fresh, failed: true, boardAt: NOW - 30_000 })).toEqual({ says: 'board', ageS: 30 });
    expect(staleness({ ...fresh, boardAt: 0, failed: true })).toBeNull();
  });
});

describe('an order on offer', () => {
  const offer = (...numbers: string[]) => ({ courier_id: 'k1', name: 'Kiran', numbers, expires_at: '2026-11-20T07:19:00Z' });

  it('says to whom, and what it would ride with', () => {
    expect(onOfferText(offer('H24'), 'H24')).toMatch(/^Kiran has it on offer until [^,]+\.$/);
    expect(onOfferText(offer('H24', 'H25'), 'H25')).toMatch(/, with H24: 2 orders, one pickup\.$/);
    expect(onOfferText(offer('H23', 'H24', 'H25'), 'H24')).toMatch(/, with H23 and H25: 3 orders, one pickup\.$/);
  });

  it('has a place among the doors once it was taken with others', () => {
    expect([null, 0, 1, 3].map(aheadText)).toEqual(['', 'this door is next', '1 door before this one', '3 doors before this one']);
    expect([null, 1, 2, 4].map(doorText)).toEqual(['', '1st door of what was taken together', '2nd door of what was taken together', '4th door of what was taken together']);
  });
});

describe('the palette', () => {
  const entry = (group: PaletteEntry['group'], title: string): PaletteEntry => ({ id: title, group, title, detail: '', icon: 'bag', run: () => undefined });
  const entries = [entry('Orders', 'H24'), entry('Orders', 'K26'), entry('Pages', 'Orders'), entry('Pages', 'Live'), entry('Actions', 'Log out'), entry('Riders', 'Harish M')];

  it('offers pages and actions before anything is typed', () => {
    expect(rank(entries, '').map((one) => one.title)).toEqual(['Orders', 'Live', 'Log out']);
  });

  it('puts orders first for what looks like a number', () => {
    expect(looksLikeNumber('h2')).toBe(true);
    expect(looksLikeNumber('harish')).toBe(false);
    expect(rank(entries, 'h').map((one) => one.title)).toEqual(['H24', 'Harish M']);
  });

  it('matches by the beginning of words', () => {
    expect(matches('Charminar Dum House', 'dum ho')).toBe(true);
    expect(matches('Charminar Dum House', 'minar')).toBe(false);
  });
});

describe('words', () => {
  it('count who is not possible', () => {
    expect(impossibleText([{ reason: 'full', count: 5 }, { reason: 'silent', count: 0 }, { reason: 'too-far', count: 4 }])).toEqual({ count: 9, text: 'bag full 5 · too far 4' });
  });

  it('tell riders of one name apart with as little as it takes', () => {
    const rider = (id: string, name: string, phone: string | null = null) => ({ id, name, phone });
    const names = shortNames([rider('1', 'Anwar Sheikh'), rider('2', 'Girish Kumar'), rider('3', 'Girish Rao', '+919845012077'), rider('4', 'Girish Reddy', '+919845012088'), rider('5', 'Ravi'), rider('6', 'Ravi')]);
    expect([...'123456'].map((id) => names.get(id))).toEqual(['Anwar', 'Girish K', 'Girish R ·077', 'Girish R ·088', 'Ravi', 'Ravi']);
  });

  it('say why a rider with nothing in hand is not to be asked', () => {
    const rider = { state: 'free', fix_at: '2026-11-20T07:12:00Z', break_until: null } as Courier;
    expect(awayText(rider, NOW)).toMatch(/^silent, heard 6 min/);
    expect(awayText({ ...rider, fix_at: null }, NOW)).toBe('never heard');
    expect(awayText({ ...rider, state: 'offered' }, NOW)).toBe('has an offer');
    expect(awayText({ ...rider, suspended: true, fix_at: '2026-11-20T07:18:00Z' }, NOW)).toBe('suspended');
    expect(awayText({ ...rider, papers_lapsed: true }, NOW)).toBe('papers missing or out of date');
    expect(awayText({ ...rider, state: 'on_break', break_until: '2026-11-20T07:30:00Z' }, NOW)).toBe('on a break until 13:00');
  });

  it('show an unknown reason without its dashes', () => {
    expect(reasonWord('would-wait')).toBe('would wait for the food');
    expect(reasonWord('rain-in-zone')).toBe('rain in zone');
    expect(reasonText('nobody-there')).toBe('Nobody there');
    expect(reasonText('Customer asked')).toBe('Customer asked');
  });

  it('read and write phone numbers', () => {
    expect(plainPhone('98450 12077')).toBe('+919845012077');
    expect(plainPhone('098450-12077')).toBe('+919845012077');
    expect(plainPhone('+1 202 555 0100')).toBe('+12025550100');
    expect(phoneWord('+919845012077')).toBe('+91 98450 12077');
  });
});

describe('field errors', () => {
  it('become a sentence with the limits', () => {
    expect(fieldErrorText({ pointer: '/minutes', code: 'out-of-range', params: { min: 5, max: 90 } }, 'The time')).toBe('The time must be between 5 and 90.');
  });

  it('go to their fields; anything else stays above the form', () => {
    const words = { name: 'The name', phone: 'The phone number' };
    const refused = new ApiProblem({ code: 'invalid-body', status: 422, title: '', errors: [{ pointer: '/phone', code: 'wrong-format' }] });
    expect(formErrors(refused, words)).toEqual({ fields: { phone: 'The phone number is not in the expected form.' }, rest: null });
    const other = new ApiProblem({ code: 'forbidden', status: 403, title: 'No' });
    expect(formErrors(other, words).rest).toBe(other);
  });
});

describe('kitchens and riders', () => {
  const later = '2026-11-20T07:48:00Z';
  const before = '2026-11-20T07:10:00Z';

  it('a pause beats closed, an end in the past is over', () => {
    expect(kitchenState({ open_now: false, busy_until: null, paused_until: later }, NOW).name).toBe('paused');
    expect(kitchenState({ open_now: true, busy_until: later, paused_until: before }, NOW).name).toBe('busy');
    expect(kitchenState({ open_now: true, busy_until: before, paused_until: null }, NOW).name).toBe('open');
    expect(kitchenState({ open_now: false, busy_until: later, paused_until: null }, NOW).name).toBe('closed');
  });

  it('a rider on shift without a fix for a minute is silent', () => {
    const rider = { state: 'free', fix_at: '2026-11-20T07:15:00Z' } as Courier;
    expect(isSilent(rider, NOW)).toBe(true);
    expect(isSilent({ ...rider, state: 'off' }, NOW)).toBe(false);
    expect(isSilent({ ...rider, fix_at: '2026-11-20T07:17:00Z' }, NOW)).toBe(false);
    expect(isSilent({ ...rider, fix_at: '2026-11-20T07:16:59Z' }, NOW)).toBe(true);
  });

  it('who cannot be asked is not free', () => {
    const free = { id: 'free', state: 'free', fix_at: '2026-11-20T07:17:30Z' } as Courier;
    const others: Partial<Courier>[] = [{ state: 'offered' }, { state: 'to_drop' }, { fix_at: '2026-11-20T07:15:00Z' }, { fix_at: null }, { suspended: true }, { papers_lapsed: true }];
    const all = [free, ...others.map((change, index) => ({ ...free, id: String(index), ...change }))];
    expect(freeRiders(all, NOW).map((one) => one.id)).toEqual(['free']);
  });
});

describe('numbers', () => {
  const item = (hour: string, orders: number) => ({ hour, orders, delivered: orders, rejected: 0, cancelled: 0, failed: 0, revenue_paise: orders * 40_000 });
  const data: RevenueAnalytics = { items: [item('2026-11-20T05:30:00Z', 12), item('2026-11-20T06:30:00Z', 30)], totals: { orders: 42, delivered: 40, rejected: 0, cancelled: 1, failed: 0, revenue_paise: 1_680_050 }, as_of: '2026-11-20T07:18:00Z' };

  it('a day begins and ends at midnight in India', () => {
    expect(dayBounds(NOW)).toEqual({ from: '2026-11-19T18:30:00.000Z', to: '2026-11-20T18:30:00.000Z' });
    expect(dayBounds(Date.parse('2026-11-20T19:00:00Z')).from).toBe('2026-11-20T18:30:00.000Z');
  });

  it('every hour is there, and the running one says so', () => {
    const hours = hoursOf(data, NOW, false);
    expect(hours.map((hour) => [hour.hour, hour.orders, hour.soFar])).toEqual([[8, 0, false], [9, 0, false], [10, 0, false], [11, 12, false], [12, 30, true]]);
    expect(hoursOf(data, NOW, true)).toHaveLength(16);
    expect(hourWord(23)).toBe('23–00');
  });

  it('the axis ends on a round number', () => {
    expect(axis(46)).toEqual({ top: 60, ticks: [0, 20, 40, 60] });
    expect(axis(0)).toEqual({ top: 1, ticks: [0, 1] });
  });

  it('the headline is written from the figures', () => {
    const says = story(data, hoursOf(data, NOW, false), false);
    expect(says.before + says.mark + says.after).toBe('42 orders by 12:48, 40 delivered for ₹16,801; 12–13 was the fullest hour with 30, and 1 was cancelled.');
    const early = { ...data, totals: { ...data.totals, delivered: 0, revenue_paise: 0 } };
    expect(story(early, hoursOf(data, NOW, false), false)).toMatchObject({ mark: '42 orders', after: ' by 12:48, none delivered yet; 12–13 was the fullest hour with 30, and 1 was cancelled.' });
    const none = { ...data, totals: { orders: 0, delivered: 0, rejected: 0, cancelled: 0, failed: 0, revenue_paise: 0 } };
    expect(story(none, [], false).mark).toBe('No order');
  });
});

describe('debouncing', () => {
  it('waits for quiet, but not for ever', () => {
    vi.useFakeTimers();
    const work = vi.fn();
    const soon = new Debounced(work, 100, 250);
    soon.nudge();
    vi.advanceTimersByTime(90);
    soon.nudge();
    vi.advanceTimersByTime(90);
    soon.nudge();
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(70);
    expect(work).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});
