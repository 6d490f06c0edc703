// The texts of the rider face.

import en from './rider/en-IN.json';
import { TextGroup } from './i18n.svelte';

const texts = new TextGroup(en, { hi: () => import('./rider/hi.json'), ta: () => import('./rider/ta.json') });

export const t = texts.t;
export const tn = texts.tn;
export const maybe = texts.maybe;
