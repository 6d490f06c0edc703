// The cart as plain data: joining equal dishes, quantities, what is sent, and ordering an old order again.
import { describe, expect, it } from 'vitest';
import type { Menu, MenuItem } from '$lib/api/types';
import { addLine, dishCount, lineKey, makeLine, MOST_OF_ONE, requestLines, setQuantity } from '../../src/storefront/cart-lines';
import { chosenOptions, missingGroups, toggle } from '../../src/storefront/item-choice';
import { linesFrom } from '../../src/storefront/reorder-lines';

const option = (id: string, name: string, price = 0, available = true) =>
  ({ id, name, price_paise: price, available, unavailable_until: null, veg_mark: 'veg' as const });

const dosa: MenuItem = {
  id: 'dosa', name: 'Ghee Podi Masala Dosa', description: null, price_paise: 13500, available: true, unavailable_until: null, stock_left: null,
  veg_mark: 'veg', allergens: [], packing_paise: 0, popular: false,
  option_groups: [
    { id: 'fat', name: 'Fat', kind: 'variant', min: 1, max: 1, options: [option('ghee', 'Ghee'), option('butter', 'Butter', 1500)] },
    { id: 'extra', name: 'Extras', kind: 'modifier', min: 0, max: 2, options: [option('chutney', 'Chutney', 1500), option('vada', 'Vada', 4000), option('saagu', 'Saagu', 3000, false)] },
  ],
};
const plain = { ...dosa, id: 'idli', name: 'Idli', option_groups: [] };
const [fat, extra] = dosa.option_groups;
if (!fat || !extra) throw new Error('two groups');

describe('lines', () => {
  it('joins the same dish with the same choices, whatever their order', () => {
    expect(lineKey('a', ['2', '1'], ' crisp ')).toBe(lineKey('a', ['1', '2'], 'crisp'));
    const one = makeLine(plain, [], '', 1);
    const lines = addLine(addLine([], one), makeLine(plain, [], '', 2));
    expect(lines).toHaveLength(1);
    expect(dishCount(lines)).toBe(3);
  });

  it('keeps other choices and other notes apart', () => {
    const lines = [makeLine(dosa, fat.options.slice(0, 1), '', 1), makeLine(dosa, fat.options.slice(1), '', 1), makeLine(dosa, fat.options.slice(1), 'crisp', 1)];
    expect(lines.reduce(addLine, [] as typeof lines)).toHaveLength(3);
  });

  it('takes a line out at zero and stops at the most of one', () => {
    const line = makeLine(plain, [], '', 1);
    expect(setQuantity([line], line.key, 0)).toEqual([]);
    expect(setQuantity([line], line.key, 99)[0]?.quantity).toBe(MOST_OF_ONE);
  });

  it('sends ids and quantities, and a note only if there is one', () => {
    const lines = [makeLine(dosa, fat.options.slice(1), '', 2), makeLine(plain, [], 'crisp', 1)];
    expect(requestLines(lines)).toEqual([
      { item_id: 'dosa', quantity: 2, option_ids: ['butter'] },
      { item_id: 'idli', quantity: 1, option_ids: [], note: 'crisp' },
    ]);
  });
});

describe('choices', () => {
  it('names the groups that still need a choice', () => {
    expect(missingGroups(dosa, {}).map((group) => group.id)).toEqual(['fat']);
    expect(missingGroups(dosa, toggle({}, fat, 'ghee'))).toEqual([]);
  });

  it('moves a single choice, and keeps a required one when tapped again', () => {
    const first = toggle({}, fat, 'ghee');
    expect(toggle(first, fat, 'butter')).toEqual({ fat: ['butter'] });
    expect(toggle(first, fat, 'ghee')).toEqual({ fat: ['ghee'] });
  });

  it('takes no more than a group holds', () => {
    const two = toggle(toggle({}, extra, 'chutney'), extra, 'vada');
    expect(toggle(two, extra, 'saagu')).toEqual(two);
    expect(toggle(two, extra, 'vada')).toEqual({ extra: ['chutney'] });
    expect(chosenOptions(dosa, two).map((one) => one.name)).toEqual(['Chutney', 'Vada']);
  });
});

describe('ordering again', () => {
  const menu: Menu = { restaurant_id: 'r', menu_version: 2, sections: [{ id: 's', name: 'S', items: [dosa, { ...plain, available: false }] }] };
  const line = { item_id: 'dosa', name: dosa.name, quantity: 2, unit_paise: 0, options: ['Butter'], option_ids: ['of an older menu'], note: null, veg_mark: 'veg' as const, total_paise: 0 };

  it('finds the options by name and prices them as today', () => {
    const { lines, gone } = linesFrom({ lines: [line] }, menu);
    expect(gone).toEqual([]);
    expect(lines[0]).toMatchObject({ option_ids: ['butter'], quantity: 2, unit_paise: 15000 });
  });

  it('names what cannot be had and leaves it out', () => {
    const sold = { ...line, item_id: 'idli', name: 'Idli', options: [] };
    const changed = { ...line, options: ['Saagu'], option_ids: ['saagu'] };
    const { lines, gone } = linesFrom({ lines: [sold, changed] }, menu);
    expect(lines).toEqual([]);
    expect(gone).toEqual(['Idli', dosa.name]);
  });
});
