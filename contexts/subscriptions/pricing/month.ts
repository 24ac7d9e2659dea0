/** A month as everything here names it, in UTC: `2026-11`. */
export const monthOf = (time: string): string => utc(time).slice(0, 7);
/** A day in UTC: `2026-11-23`. */
export const dayOf = (time: string): string => utc(time).slice(0, 10);

/** Its first moment, RFC 3339. */
export const startOf = (month: string): string => `${month}-01T00:00:00.000Z`;

export const nextMonth = (month: string): string => shifted(month, 1);
export const previousMonth = (month: string): string => shifted(month, -1);

const shifted = (month: string, by: number): string => {
  const date = new Date(startOf(month));
  date.setUTCMonth(date.getUTCMonth() + by);
  return monthOf(date.toISOString());
};

const utc = (time: string) => new Date(time).toISOString();
