// An error as a sentence for a person: the known codes have their own words, all others
// show what the server said.

import { asProblem } from './api/problem';
import { maybe, t } from './i18n/common';

/** What to tell the person in front of the screen. */
export function problemText(error: unknown): string {
  const problem = asProblem(error);
  const known = maybe(`problem.${problem.code}`);
  if (known) return known;
  return problem.detail || t('problem.other', { title: problem.title || problem.code });
}
