// Saved actions in words: what was done, and why the server would not have it.

import { maybe as maybeCommon } from '$lib/i18n/common';
import { maybe, t } from '$lib/i18n/rider';
import type { IconName } from '$lib/ui/icon-names';
import type { ActionKind, Entry } from './outbox/queue';

const ICONS: Record<ActionKind, IconName> = { shift_on: 'play', shift_off: 'pause', arrive: 'store', picked_up: 'bag', delivered: 'home', failed: 'flag' };

/** What was done: "H24 delivered". */
export function actionText(entry: Entry): string {
  return t(`done.${entry.kind}`, { number: entry.number ?? '' });
}

/** The picture beside it. */
export function actionIcon(entry: Entry): IconName {
  return ICONS[entry.kind];
}

/** Why it was refused, in words that help. */
export function refusalText(entry: Entry): string {
  const code = entry.problem?.code ?? '';
  return maybe(`refused.${code}`) ?? maybeCommon(`problem.${code}`) ?? (entry.problem?.detail || entry.problem?.title || code);
}
