// The texts of the storefront.

import en from './storefront/en-IN.json';
import { TextGroup } from './i18n.svelte';

const texts = new TextGroup(en, { hi: () => import('./storefront/hi.json'), ta: () => import('./storefront/ta.json') });

export const t = texts.t;
export const tn = texts.tn;
export const maybe = texts.maybe;
