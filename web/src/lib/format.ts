// Numbers as people read them in India: rupees from whole paise with lakh grouping, clock times in
// Asia/Kolkata, distances and durations in the words of the chosen language. Nothing here rounds money.

/** The languages that texts exist in. */
export type Locale = 'en-IN' | 'hi' | 'ta';

const ZONE = 'Asia/Kolkata';
const INTL: Record<Locale, string> = { 'en-IN': 'en-IN', hi: 'hi-IN', ta: 'ta-IN' };

let locale: Locale = 'en-IN';

/** Sets the language for everything below; called by i18n when the language changes. */
export function setFormatLocale(next: Locale): void {
  locale = next;
}

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: (tag: string) => T): T {
  const full = `${locale}|${key}`;
  const known = cache.get(full);
  if (known) return known as T;
  const made = make(INTL[locale]);
  cache.set(full, made);
  return made;
}

/** Rupees with paise, for bills and statements: 40538 is "₹405.38". */
export function rupees(paise: number): string {
  const format = cached('rupees', () => new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' }));
  return format.format(paise / 100).replace('-', '−');
}

/** Rupees without paise when they are zero, for menus and buttons: 13500 is "₹135". */
export function rupeesShort(paise: number): string {
  if (paise % 100 !== 0) return rupees(paise);
  const format = cached('short', () => new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR', maximumFractionDigits: 0 }));
  return format.format(paise / 100).replace('-', '−');
}

/** A whole number with Indian grouping. */
export function count(value: number): string {
  return cached('count', () => new Intl.NumberFormat('en-IN')).format(value);
}

/** A rounded number for small places: 2134 is "2.1k". */
export function compact(value: number): string {
  return value < 1000 ? count(value) : `${(value / 1000).toFixed(1).replace(/\.0$/, '')}k`;
}

/** Clock time, 24 hours: "13:14". */
export function clockTime(at: string | number): string {
  const format = cached('clock', () => new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }));
  return format.format(new Date(at));
}

/** Two clock times with an en dash; once if both are the same minute. */
export function clockRange(low: string | number, high: string | number): string {
  const from = clockTime(low);
  const to = clockTime(high);
  return from === to ? from : `${from}–${to}`;
}

/** A day in words: "Friday, 20 November". */
export function day(at: string | number): string {
  const format = cached('day', (tag) => new Intl.DateTimeFormat(tag, { timeZone: ZONE, weekday: 'long', day: 'numeric', month: 'long' }));
  return format.format(new Date(at));
}

/** A short day: "20 Nov". */
export function shortDay(at: string | number): string {
  const format = cached('shortDay', (tag) => new Intl.DateTimeFormat(tag, { timeZone: ZONE, day: 'numeric', month: 'short' }));
  return format.format(new Date(at));
}

/** A calendar day with its year, from YYYY-MM-DD: "31 May 2030". */
export function dateWithYear(iso: string): string {
  const format = cached('dateWithYear', (tag) => new Intl.DateTimeFormat(tag, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }));
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/** The weekday alone: "Friday". */
export function weekday(at: string | number): string {
  const format = cached('weekday', (tag) => new Intl.DateTimeFormat(tag, { timeZone: ZONE, weekday: 'long' }));
  return format.format(new Date(at));
}

/** The calendar day in India as YYYY-MM-DD. */
export function isoDay(at: string | number): string {
  const format = cached('isoDay', () => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' }));
  return format.format(new Date(at));
}

/** Hour of the day in India, 0 to 23. */
export function hourOfDay(at: string | number): number {
  const format = cached('hour', () => new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit' }));
  return Number(format.format(new Date(at))) % 24;
}

/** A clock time that names the day when it is not today: "16:00", "tomorrow 09:00", "Monday 09:00". */
export function clockOrDay(at: string | number, now: number): string {
  const then = new Date(at).getTime();
  if (isoDay(then) === isoDay(now)) return clockTime(then);
  const tomorrow = isoDay(now + 86_400_000) === isoDay(then);
  const word = tomorrow ? relativeDay(1) : weekday(then);
  return `${word} ${clockTime(then)}`;
}

function relativeDay(days: number): string {
  return cached('relDay', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })).format(days, 'day');
}

/** Seconds as whole minutes of waiting, never below 1: "18–24" for 1080 and 1440. */
export function minuteRange(lowS: number, highS: number): string {
  const low = Math.max(1, Math.round(lowS / 60));
  const high = Math.max(low, Math.round(highS / 60));
  return low === high ? String(low) : `${low}–${high}`;
}

/** English takes the American forms: "15 min", where Indian English would say "15 mins". */
function unit(value: number, name: 'minute' | 'hour' | 'second' | 'kilometer' | 'meter', digits = 0): string {
  const format = cached(`${name}${digits}`, (tag) => new Intl.NumberFormat(tag === 'en-IN' ? 'en-US' : tag, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }));
  return format.format(value);
}

/** A duration in one or two units: "40 sec", "12 min", "1 hr 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, 'second');
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return unit(minutes, 'minute');
  const rest = minutes % 60;
  const hours = unit(Math.floor(minutes / 60), 'hour');
  return rest === 0 ? hours : `${hours} ${unit(rest, 'minute')}`;
}

/** Time from now in words: "in 12 min", "5 min ago", "now" within half a minute. */
export function relative(at: string | number, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const format = relativeFormat();
  if (Math.abs(seconds) < 30) return format.format(0, 'second');
  if (Math.abs(seconds) < 3600) return format.format(sign(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return format.format(sign(seconds / 3600), 'hour');
  return format.format(sign(seconds / 86_400), 'day');
}

/** How long ago, where seconds count: "40 sec ago" in steps of ten, so that nothing is read out every second. */
export function ago(at: string | number, now: number): string {
  const seconds = (now - new Date(at).getTime()) / 1000;
  return seconds >= 60 ? relative(at, now) : relativeFormat().format(-Math.floor(Math.max(0, seconds) / 10) * 10, 'second');
}

function relativeFormat(): Intl.RelativeTimeFormat {
  return cached('rel', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' }));
}

function sign(value: number): number {
  const whole = Math.round(value);
  return whole === 0 ? Math.sign(value) : whole;
}

/** Minutes and seconds of a countdown: "0:24", "12:05"; never negative. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A distance: metres below one kilometre (to 50 m), else kilometres with one digit. */
export function distance(metres: number): string {
  if (metres < 950) return unit(Math.max(50, Math.round(metres / 50) * 50), 'meter');
  return unit(metres / 1000, 'kilometer', 1);
}

/** A share in basis points as percent: 250 is "2.5%". */
export function percent(basisPoints: number): string {
  return `${(basisPoints / 100).toFixed(2).replace(/\.?0+$/, '')}%`;
}

/** The letters of a name for a round badge: "Imran Pasha" is "IP". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return picked.map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase('en-IN');
}
