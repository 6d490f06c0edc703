// Texts in three languages without a library: flat JSON per language, English in the bundle, the others
// fetched when chosen. `{name}` is filled in; a key ending in `_one` and `_other` is chosen by Intl.PluralRules.
// English is the list of keys: a missing key is a type error there and a failing test in the others.

import { setFormatLocale, type Locale } from '$lib/format';

type Texts = Record<string, string>;
type Params = Record<string, string | number>;
type PluralKey<K> = K extends `${infer Base}_other` ? Base : never;
type Loader = () => Promise<{ default: Texts }>;

/** The languages in the order in which they are offered, each by its own name. */
export const LANGUAGES: { locale: Locale; name: string }[] = [
  { locale: 'en-IN', name: 'English' },
  { locale: 'hi', name: 'हिन्दी' },
  { locale: 'ta', name: 'தமிழ்' },
];

const STORE = 'dabba.language';

class Language {
  locale = $state<Locale>('en-IN');
  #groups: TextGroup<Texts>[] = [];

  register(group: TextGroup<Texts>): void {
    this.#groups.push(group);
  }

  /** Loads every group in the language, then switches all of them at once. */
  async choose(locale: Locale): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.load(locale)));
    this.locale = locale;
    setFormatLocale(locale);
    document.documentElement.lang = locale;
    localStorage.setItem(STORE, locale);
  }

  /** The language chosen before, else the first one of the browser that exists here. */
  async restore(): Promise<void> {
    const wanted = [localStorage.getItem(STORE), ...navigator.languages.map((tag) => tag.split('-')[0] ?? '')];
    const found = wanted.map((tag) => LANGUAGES.find((one) => one.locale === tag)).find((one) => one !== undefined);
    if (found && found.locale !== 'en-IN') {
      await this.choose(found.locale).catch(() => undefined);
    }
  }
}

/** The language of this page; the same for every group of texts. */
export const language = new Language();

/** Fills `{name}` places; an unknown name is left standing, which a test would show. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** One set of texts: a face's own, or the common ones. */
export class TextGroup<T extends Texts> {
  #loaded = new Map<Locale, Texts>();
  #loaders: Partial<Record<Locale, Loader>>;

  constructor(english: T, loaders: Partial<Record<Locale, Loader>>) {
    this.#loaded.set('en-IN', english);
    this.#loaders = loaders;
    language.register(this as unknown as TextGroup<Texts>);
  }

  async load(locale: Locale): Promise<void> {
    const loader = this.#loaders[locale];
    if (this.#loaded.has(locale) || !loader) return;
    this.#loaded.set(locale, (await loader()).default);
  }

  #find(key: string): string {
    return this.#loaded.get(language.locale)?.[key] ?? this.#loaded.get('en-IN')?.[key] ?? key;
  }

  /** The text of a key in the chosen language. */
  t = (key: keyof T & string, params?: Params): string => fill(this.#find(key), params);

  /** The text of a key that depends on a number; `{count}` is the number. */
  tn = (key: PluralKey<keyof T & string>, count: number, params?: Params): string => {
    const rule = new Intl.PluralRules(language.locale).select(count);
    const form = rule === 'one' ? `${key}_one` : `${key}_other`;
    return fill(this.#find(form), { count, ...params });
  };

  /** The text of a key that is only known at run time, or undefined if there is none. */
  maybe = (key: string, params?: Params): string | undefined => {
    const found = this.#find(key);
    return found === key ? undefined : fill(found, params);
  };
}
