// The menu as a list of things that can run out.

import { describe, expect, it } from 'vitest';
import type { Menu, MenuItem, MenuOption } from '$lib/api/types';
import { findRows, stateOf, stockRows, withAnswer } from '../../src/kitchen/stock';
import { START } from './orders';

const option = (id: string, name: string, changes: Partial<MenuOption> = {}): MenuOption => ({ id, name, price_paise: 0, available: true, unavailable_until: null, veg_mark: 'veg', ...changes });
const dish = (id: string, name: string, options: MenuOption[], kind: 'variant' | 'modifier' = 'modifier'): MenuItem => ({
  id, name, description: null, price_paise: 100, available: true, unavailable_until: null, stock_left: null, veg_mark: 'veg', allergens: [], packing_paise: 0, popular: false,
  option_groups: options.length > 0 ? [{ id: `g${id}`, name: 'Extras', kind, min: 0, max: 1, options }] : [],
});
const menu = (items: MenuItem[]): Menu => ({ restaurant_id: 'r1', menu_version: 1, sections: [{ id: 's', name: 'Dosa', items }] });

describe('the stock list', () => {
  it('joins one modifier of several dishes into one row, which is out if it is out anywhere', () => {
    const rows = stockRows(menu([dish('1', 'Set Dosa', [option('a', 'Saagu')]), dish('2', 'Rava Idli', [option('b', 'saagu', { available: false })])]));
    const saagu = rows.find((row) => row.kind === 'option');
    expect(saagu).toMatchObject({ ids: ['a', 'b'], available: false, where: '2 dishes' });
  });

  it('keeps a variant with its dish', () => {
    const rows = stockRows(menu([dish('1', 'Biryani', [option('a', 'Full')], 'variant'), dish('2', 'Pulao', [option('b', 'Full')], 'variant')]));
    expect(rows.filter((row) => row.kind === 'option').map((row) => row.where)).toEqual(['Biryani', 'Pulao']);
  });

  it('finds by every typed word, in any order', () => {
    const rows = stockRows(menu([dish('1', 'Ghee Podi Masala Dosa', []), dish('2', 'Masala Vada', [])]));
    expect(findRows(rows, 'dosa ghee').map((row) => row.name)).toEqual(['Ghee Podi Masala Dosa']);
    expect(findRows(rows, ' ')).toHaveLength(2);
  });

  it('reads the choice back from the time that the server keeps', () => {
    const [row] = stockRows(menu([dish('1', 'Dosa', [])]));
    const out = (until: string | null) => ({ ...row!, available: false, until });
    expect(stateOf(row!, START)).toBe('in');
    expect(stateOf(out(null), START)).toBe('changed');
    expect(stateOf(out(new Date(START + 4 * 3_600_000).toISOString()), START)).toBe('4h');
    expect(stateOf(out('2026-11-20T18:30:00Z'), START)).toBe('today');
  });

  it('takes the answer of one dish into the menu', () => {
    const before = menu([dish('1', 'Dosa', []), dish('2', 'Idli', [])]);
    const after = withAnswer(before, { ...dish('2', 'Idli', []), available: false });
    expect(after.sections[0]?.items.map((item) => item.available)).toEqual([true, false]);
  });
});
