// The texts that lib/ui shares between all faces. Kitchen and operations stay in English.

import en from './common/en-IN.json';
import { TextGroup } from './i18n.svelte';

const texts = new TextGroup(en, { hi: () => import('./common/hi.json'), ta: () => import('./common/ta.json') });

export const t = texts.t;
export const tn = texts.tn;
export const maybe = texts.maybe;
