// Veg only: what the address says, else what the person prefers. Only a difference to the preference stands in the address.

/** Whether only vegetarian food is shown. */
export function vegOn(query: URLSearchParams, preferred: boolean): boolean {
  const said = query.get('veg');
  return said === null ? preferred : said !== '0';
}

/** What the address must say for it; null for nothing. */
export function vegQuery(on: boolean, preferred: boolean): string | null {
  if (on === preferred) return null;
  return on ? '1' : '0';
}
