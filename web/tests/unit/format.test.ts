// Numbers and times as they are read in India, in every language.
import { afterEach, describe, expect, it } from 'vitest';
import {
  ago, clockOrDay, clockRange, clockTime, compact, countdown, distance, duration, initials, isoDay, minuteRange, percent, relative, rupees,
  rupeesShort, setFormatLocale,
} from '$lib/format';

const NOON = '2026-11-20T07:20:00Z';
const now = Date.parse(NOON);

afterEach(() => setFormatLocale('en-IN'));

describe('money', () => {
  it('shows whole paise with lakh grouping', () => {
    expect(rupees(40538)).toBe('₹405.38');
    expect(rupees(123_456_789_00)).toBe('₹12,34,56,789.00');
    expect(rupees(-3000)).toBe('−₹30.00');
    expect(rupees(5)).toBe('₹0.05');
  });

  it('leaves out paise on menus only when they are zero', () => {
    expect(rupeesShort(13500)).toBe('₹135');
    expect(rupeesShort(13550)).toBe('₹135.50');
  });

  it('writes a rate in percent', () => {
    expect(percent(250)).toBe('2.5%');
    expect(percent(1800)).toBe('18%');
    expect(percent(0)).toBe('0%');
  });
});

describe('time', () => {
  it('is Kolkata time, whatever the device thinks', () => {
    expect(clockTime(NOON)).toBe('12:50');
    expect(clockRange('2026-11-20T07:44:00Z', '2026-11-20T07:52:00Z')).toBe('13:14–13:22');
    expect(clockRange(NOON, NOON)).toBe('12:50');
    expect(isoDay('2026-11-20T19:00:00Z')).toBe('2026-11-21');
  });

  it('names the day when it is not today', () => {
    expect(clockOrDay('2026-11-20T10:30:00Z', now)).toBe('16:00');
    expect(clockOrDay('2026-11-21T03:30:00Z', now)).toBe('tomorrow 09:00');
    expect(clockOrDay('2026-11-23T03:30:00Z', now)).toBe('Monday 09:00');
  });

  it('says how far away a moment is', () => {
    expect(relative(now + 12 * 60_000, now)).toMatch(/^in 12 min\.?$/);
    expect(relative(now - 5 * 60_000, now)).toMatch(/^5 min\.? ago$/);
    expect(relative(now + 10_000, now)).toBe('now');
    expect([3_000, 47_000].map((age) => ago(now - age, now).replace('.', ''))).toEqual(['now', '40 sec ago']);
    expect(ago(now - 120_000, now)).toMatch(/^2 min\.? ago$/);
  });

  it('counts down without going below zero', () => {
    expect(countdown(24_000)).toBe('0:24');
    expect(countdown(23_001)).toBe('0:24');
    expect(countdown(725_000)).toBe('12:05');
    expect(countdown(-5)).toBe('0:00');
  });

  it('keeps minute ranges sensible', () => {
    expect(minuteRange(1080, 1440)).toBe('18–24');
    expect(minuteRange(10, 20)).toBe('1');
  });

  it('speaks durations in the chosen language', () => {
    expect(duration(40)).toMatch(/40/);
    expect(duration(65 * 60)).toMatch(/1.*5/);
    setFormatLocale('hi');
    expect(duration(720)).toContain('मि');
    setFormatLocale('ta');
    expect(duration(720)).toMatch(/12\s*\p{Script=Tamil}/u);
  });
});

describe('other words', () => {
  it('rounds distances to what a person needs', () => {
    expect(distance(410)).toBe('400 m');
    expect(distance(10)).toBe('50 m');
    expect(distance(2340)).toBe('2.3 km');
  });

  it('shortens counts and names', () => {
    expect(compact(960)).toBe('960');
    expect(compact(2134)).toBe('2.1k');
    expect(compact(2000)).toBe('2k');
    expect(initials('Imran Pasha')).toBe('IP');
    expect(initials('Cher')).toBe('C');
  });
});
