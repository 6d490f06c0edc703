// What the person prefers, kept with the account and remembered on the device, so that the list and the page speak their
// language before the server has answered and without network.

import { api, asProblem } from '$lib/api/client';
import type { Language, Preferences, PreferencesChange } from '$lib/api/types';
import type { Locale } from '$lib/format';
import { language } from '$lib/i18n/i18n.svelte';
import { session } from '$lib/session.svelte';

const STORE = 'dabba.storefront.preferences';
const LOCALES: Record<Language, Locale> = { en: 'en-IN', hi: 'hi', ta: 'ta' };

interface Kept {
  customer: string;
  preferences: Preferences;
}

function kept(): Kept | null {
  try {
    const text = localStorage.getItem(STORE);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

/** The account's word for a language of the page. */
export function languageOf(locale: Locale): Language {
  return locale === 'en-IN' ? 'en' : locale;
}

class OwnPreferences {
  #kept = $state.raw<Kept | null>(kept());

  /** Null for guests, and until the first answer. */
  get all(): Preferences | null {
    const kept = this.#kept;
    return kept && kept.customer === session.user?.customer_id ? kept.preferences : null;
  }

  get vegOnly(): boolean {
    return this.all?.diet === 'veg';
  }

  /** Reads what is kept of the person, and speaks their language if they ever chose one. */
  async load(customer: string): Promise<void> {
    const preferences = await api.get<Preferences>(`/customers/${customer}/preferences`);
    this.#keep(customer, preferences);
    const locale = LOCALES[preferences.language];
    if (preferences.version > 0 && locale !== language.locale) await language.choose(locale);
  }

  /** Changes something. If another device was faster, its other changes stay. */
  async save(customer: string, change: Partial<PreferencesChange>): Promise<void> {
    const path = `/customers/${customer}/preferences`;
    const put = async (before: Preferences): Promise<void> => {
      // Who never chose a language means the one of this page.
      const spoken = before.version === 0 ? { language: languageOf(language.locale) } : {};
      this.#keep(customer, await api.put<Preferences>(path, { ...before, ...spoken, ...change }));
    };
    try {
      await put(this.all ?? (await api.get<Preferences>(path)));
    } catch (error) {
      if (asProblem(error).code !== 'version-conflict') throw error;
      await put(await api.get<Preferences>(path));
    }
  }

  /** Leaves nothing for the next person at this browser. */
  forget(): void {
    this.#kept = null;
    localStorage.removeItem(STORE);
  }

  #keep(customer: string, preferences: Preferences): void {
    // An answer that comes after the person has left is nobody's.
    if (customer !== session.user?.customer_id) return;
    this.#kept = { customer, preferences };
    localStorage.setItem(STORE, JSON.stringify(this.#kept));
  }
}

/** The preferences of whoever is logged in. */
export const preferences = new OwnPreferences();
