// What is said under the name of a dish.

import type { MenuItem } from '$lib/api/types';
import { t } from '$lib/i18n/storefront';

/** Description and allergens as one line. */
export function dishWords(item: MenuItem): string {
  const contains = item.allergens.length > 0 ? t('dish.contains', { what: item.allergens.join(', ') }) : '';
  const about = contains ? item.description?.replace(/\.$/, '') : item.description;
  return [about, contains].filter(Boolean).join(' · ');
}
