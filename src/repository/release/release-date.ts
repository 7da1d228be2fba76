import { splitWords } from "../text.ts";

/**
 * Reads a date of Release as apt does, in UTC: in the forms of RFC 1123 ("Sat, 10 Jun 2023 08:53:33 UTC"), RFC 850
 * ("Saturday, 10-Jun-23 08:53:33 UTC") and asctime(3) ("Sat Jun 10 08:53:33 2023"). Returns undefined for anything else,
 * such as another time zone.
 */
export function parseReleaseDate(text: string): Date | undefined {
  if (/[\t-\r ]$/.test(text)) return undefined; // apt refuses it; fields have none there
  const words = splitWords(text);
  const parts = rfc1123(words) ?? rfc850(words) ?? asctime(words);
  if (parts === undefined || !zone.test(parts.zone)) return undefined;
  const day = /^\d{1,2}$/.test(parts.day) ? Number(parts.day) : Number.NaN;
  const monthName = parts.month.toLowerCase();
  const month = months.findIndex((name) => monthName === name || monthName === name.slice(0, 3));
  const [, hour, minute, second] = timeOfDay.exec(parts.time) ?? [];
  if (hour === undefined || month === -1 || !(parts.year <= yearMax)) return undefined;
  const date = new Date(0);
  // Date.UTC would take the year 24 for 1924.
  date.setUTCFullYear(parts.year, month, day);
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  // 31 June has become 1 July, and 24 o'clock the next day.
  return date.getUTCDate() === day ? date : undefined;
}

/** True if apt adds the year to 1900, as in RFC 850, and so reads "23" as 1923. */
export function hasShortYear(text: string): boolean {
  return rfc850(splitWords(text)) !== undefined;
}

interface DateParts {
  readonly day: string;
  readonly month: string;
  /** NaN if it cannot be read. */
  readonly year: number;
  readonly time: string;
  readonly zone: string;
}

function rfc1123([weekday = "", day, month, year, time, zoneName, ...rest]: string[]): DateParts | undefined {
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun),$/i.test(weekday)) return undefined;
  if (time === undefined || zoneName === undefined || rest.length > 0) return undefined;
  return partsOf(day, month, fullYear(year), time, zoneName);
}

function rfc850([weekday = "", date = "", time, zoneName, ...rest]: string[]): DateParts | undefined {
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]+,$/i.test(weekday)) return undefined;
  const [day, month, year = "", ...others] = date.split("-");
  if (time === undefined || zoneName === undefined || rest.length + others.length > 0) return undefined;
  return partsOf(day, month, /^\d{2,4}$/.test(year) ? 1900 + Number(year) : Number.NaN, time, zoneName);
}

function asctime([weekday = "", month, day, time, year, ...rest]: string[]): DateParts | undefined {
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)$/i.test(weekday)) return undefined;
  if (time === undefined || year === undefined || rest.length > 0) return undefined;
  return partsOf(day, month, fullYear(year), time, "UTC");
}

const partsOf = (day = "", month = "", year: number, time: string, zoneName: string): DateParts => ({
  day,
  month,
  year,
  time,
  zone: zoneName,
});

const fullYear = (text = ""): number => (/^\d{4}$/.test(text) ? Number(text) : Number.NaN);

const months = "january february march april may june july august september october november december".split(
  " ",
);
const timeOfDay = /^(\d{1,2}):([0-5]\d):([0-5]\d)$/;
const zone = /^(?:UTC|GMT|Z|[+-]0000)$/;
const yearMax = 9999;
