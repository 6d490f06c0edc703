// A bill as rows to print: charges first, then one row per taxed head with its CGST and SGST halves
// beneath. Nothing is calculated here but the sum of two halves that the server sent.

import type { BillData, Tax } from '$lib/api/types';
import { percent, rupees } from '$lib/format';

/** One tax head: food, delivery or platform fee. */
export interface TaxHead {
  head: 'food' | 'delivery' | 'platform_fee';
  rate: string;
  amount_paise: number;
  split: { cgst: string; sgst: string };
}

/** Sum of the lines, as the bill's first row. */
export function itemsTotal(bill: BillData): number {
  return bill.lines.reduce((sum, line) => sum + line.total_paise, 0);
}

/** The taxes of a bill, two halves joined per head, in the order of the bill. */
export function taxHeads(taxes: Tax[]): TaxHead[] {
  const heads: TaxHead[] = [];
  for (const head of ['food', 'delivery', 'platform_fee'] as const) {
    const central = taxes.find((tax) => tax.code === `${head}_cgst`);
    const state = taxes.find((tax) => tax.code === `${head}_sgst`);
    if (!central && !state) continue;
    heads.push({
      head,
      rate: percent((central?.rate_bp ?? 0) + (state?.rate_bp ?? 0)),
      amount_paise: (central?.amount_paise ?? 0) + (state?.amount_paise ?? 0),
      split: { cgst: rupees(central?.amount_paise ?? 0), sgst: rupees(state?.amount_paise ?? 0) },
    });
  }
  return heads;
}
