import { type ConfigError, valueInvalid } from "../errors.ts";

/**
 * Reads a duration as Go's time.ParseDuration does ("168h", "2h30m", "1.5h", "0"), and also days and weeks ("30d",
 * "2w"; a day has 24 hours). Returns whole milliseconds, rounded. Throws ConfigError VALUE_INVALID.
 */
export function parseDuration(text: string): number {
  if (text === "0") return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w))+$/.test(text))
    throw notADuration(text);
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-z\u00b5\u03bc]+)/g)) {
    totalMs += Number(amount) * (unitsMs[unit ?? ""] ?? Number.NaN);
  }
  if (totalMs > longestMs) throw notADuration(text);
  return Math.round(totalMs);
}

const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5, the micro sign
  μs: 1e-3, // U+03BC, the Greek letter
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Go's longest duration, 2^63 - 1 nanoseconds: about 292 years. */
const longestMs = 2 ** 63 / 1e6;

function notADuration(text: string): ConfigError {
  return valueInvalid(text, 'a duration of at most 292 years such as "30d", "2w", "168h" or "2h30m"');
}
