/** A day such as 2026-11-27, in the words and parts that formats want. The day is plain text: no clock and no time zone can move it. */
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export interface Day { year: number; month: number; day: number; monthName: string }

export function dayOf(date: string): Day {
  const [year = 0, month = 0, day = 0] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)?.slice(1).map(Number) ?? [];
  const monthName = months[month - 1];
  if (monthName === undefined || day < 1 || day > 31) throw new TypeError(`"${date}" is not a day such as 2026-11-27`);
  return { year, month, day, monthName };
}

/** 27 November 2026 */
export function longDay(date: string): string {
  const { year, day, monthName } = dayOf(date);
  return `${day} ${monthName} ${year}`;
}
