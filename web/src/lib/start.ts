// What every face does before its first screen: styles, the session, the language, then mounting App.

import './tokens.css';
import './base.css';
import { mount, type Component } from 'svelte';
import type { Face } from './api/tokens';
import { language } from './i18n/i18n.svelte';
import { session } from './session.svelte';
import { theme } from './theme.svelte';

/** Starts a face. `languages` false keeps it in English (kitchen, operations). */
export async function start(face: Face, app: Component, languages: boolean): Promise<void> {
  theme.restore();
  session.start(face);
  if (languages) await language.restore();
  const target = document.getElementById('app');
  if (target) mount(app, { target });
}
