// Words for customer records.

const LANGUAGES: Record<string, string> = { 'en-IN': 'English', en: 'English', hi: 'Hindi', ta: 'Tamil', kn: 'Kannada', te: 'Telugu', bn: 'Bengali', mr: 'Marathi' };

/** The English name of a language tag; an unknown tag stays as it is. */
export function languageWord(tag: string): string {
  return LANGUAGES[tag] ?? tag;
}

/** The languages in which the storefront can speak to a customer. */
export const CUSTOMER_LANGUAGES = ['en-IN', 'hi', 'ta'] as const;

/** A phone number as it is stored: spaces, dots and dashes taken out, ten bare digits get India's code. */
export function plainPhone(typed: string): string {
  const bare = typed.replace(/[\s().-]/g, '');
  if (/^0?\d{10}$/.test(bare)) return `+91${bare.slice(-10)}`;
  return bare;
}
