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

/** A phone number as people read it: "+91 98450 12077". Numbers of other countries stay as they are. */
export function phoneWord(phone: string): string {
  const parts = /^\+91(\d{5})(\d{5})$/.exec(phone);
  return parts ? `+91 ${parts[1]} ${parts[2]}` : phone;
}
