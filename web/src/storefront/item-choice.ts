// Choosing on the item sheet: how many of each group are chosen, which groups still need a choice, and what a tap
// does (a group with at most one is a set of radio buttons, a full group takes no more).

import type { MenuItem, MenuOption, OptionGroup } from '$lib/api/types';

/** Option ids chosen per group id. */
export type Choice = Record<string, string[]>;

/** The groups whose minimum is not reached, in menu order. */
export function missingGroups(item: MenuItem, choice: Choice): OptionGroup[] {
  return item.option_groups.filter((group) => (choice[group.id]?.length ?? 0) < group.min);
}

/** Whether a group is one out of several. */
export function isSingle(group: OptionGroup): boolean {
  return group.max === 1;
}

/** The choice after one option is tapped. */
export function toggle(choice: Choice, group: OptionGroup, optionId: string): Choice {
  const chosen = choice[group.id] ?? [];
  if (chosen.includes(optionId)) {
    if (isSingle(group) && group.min === 1) return choice;
    return { ...choice, [group.id]: chosen.filter((id) => id !== optionId) };
  }
  if (isSingle(group)) return { ...choice, [group.id]: [optionId] };
  if (chosen.length >= group.max) return choice;
  return { ...choice, [group.id]: [...chosen, optionId] };
}

/** The chosen options in menu order. */
export function chosenOptions(item: MenuItem, choice: Choice): MenuOption[] {
  return item.option_groups.flatMap((group) => group.options.filter((option) => choice[group.id]?.includes(option.id)));
}
