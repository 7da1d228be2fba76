import { ConfigError, valueInvalid } from "../errors.ts";
import { parseDuration } from "./duration.ts";

/**
 * Reads a moment of the past: a duration before `now` ("2d", "12h"), or a date with or without a time, in UTC, as reports
 * print it or as ISO 8601 has it. Throws ConfigError VALUE_INVALID.
 */
export function parseMoment(text: string, now: Date): Date {
  const parts = isoMoment.exec(text)?.groups;
  if (parts !== undefined) return readIso(text, parts);
  try {
    return new Date(now.getTime() - parseDuration(text));
  } catch (error) {
    throw error instanceof ConfigError ? notAMoment(text) : error;
  }
}

const isoMoment =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<minute>\d\d:\d\d)(?<second>:\d\d(?:\.\d{1,3})?)?(?: ?UTC|Z)?)?$/;

function readIso(
  text: string,
  { date, minute = "00:00", second = ":00" }: Partial<Record<string, string>>,
): Date {
  const moment = new Date(`${date}T${minute}${second}Z`);
  // JavaScript reads February 30 as March 2.
  if (Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date) throw notAMoment(text);
  return moment;
}

function notAMoment(text: string): ConfigError {
  return valueInvalid(
    text,
    'a duration such as "2d" or "12h", or a date such as "2026-05-01" or "2026-05-01 03:00"',
  );
}
