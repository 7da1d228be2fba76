/**
 * Reads a date of RFC 1123, in UTC, as Release has it: "Sat, 10 Jun 2023 08:53:33 UTC". Undefined for anything else,
 * such as another time zone, which apt does not take either.
 */
export function parseReleaseDate(text: string): Date | undefined {
  const match = releaseDate.exec(text);
  if (match === null) return undefined;
  const [, day, month, year, hour, minute, second] = match;
  const date = new Date(0);
  // Date.UTC would take the year 24 for 1924.
  date.setUTCFullYear(Number(year), months.indexOf(month ?? ""), Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  // 31 June has become 1 July, and 24 o'clock the next day.
  return date.getUTCDate() === Number(day) ? date : undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const releaseDate = new RegExp(
  `^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), +(\\d{1,2}) (${months.join("|")}) (\\d{4}) +(\\d{1,2}):([0-5]\\d):([0-5]\\d)` +
    " (?:UTC|GMT|Z|[+-]0000)$",
);
