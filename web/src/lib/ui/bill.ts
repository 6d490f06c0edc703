// A bill as rows to print: charges first, then one row per taxed head with its halves beneath: CGST and SGST in a
// State, CGST and UTGST in a Union territory. Across States it is IGST alone. Nothing is calculated here but the sum
// of what the server sent.

import type { BillData, Tax } from '$lib/api/types';
import { percent, rupees } from '$lib/format';

/** One tax head: food, delivery or platform fee. */
export interface TaxHead {
  head: 'food' | 'delivery' | 'platform_fee';
  rate: string;
  amount_paise: number;
  /** The two halves, or nothing where the tax is whole. */
  split: { cgst: string; local: 'SGST' | 'UTGST'; amount: string } | null;
}

/** Sum of the lines, as the bill's first row. */
export function itemsTotal(bill: BillData): number {
  return bill.lines.reduce((sum, line) => sum + line.total_paise, 0);
}

/** The taxes of a bill, joined per head, in the order of the bill. */
export function taxHeads(taxes: Tax[]): TaxHead[] {
  const heads: TaxHead[] = [];
  for (const head of ['food', 'delivery', 'platform_fee'] as const) {
    const find = (code: Tax['code']): Tax | undefined => taxes.find((tax) => tax.code === code);
    const [central, state, territory, whole] = [find(`${head}_cgst`), find(`${head}_sgst`), find(`${head}_utgst`), find(`${head}_igst`)];
    const parts = [central, state, territory, whole].filter((part) => part !== undefined);
    if (parts.length === 0) continue;
    const beside = state ?? territory;
    heads.push({
      head,
      rate: percent(parts.reduce((sum, part) => sum + part.rate_bp, 0)),
      amount_paise: parts.reduce((sum, part) => sum + part.amount_paise, 0),
      split: central && beside ? { cgst: rupees(central.amount_paise), local: state ? 'SGST' : 'UTGST', amount: rupees(beside.amount_paise) } : null,
    });
  }
  return heads;
}
