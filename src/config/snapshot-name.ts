import { ConfigError } from "./errors.ts";
import { formatGoTime } from "./go-time.ts";

/** What is wrong with a name of a snapshot, as the end of a sentence, or undefined when it is legal. */
export function snapshotNameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.startsWith(".")) return 'starts with "."';
  if (name.includes("/")) return 'contains "/"';
  if (/\s|\p{Cc}/u.test(name)) return "contains a blank or a control character";
  if (Buffer.byteLength(name) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** Returns a layout that makes a legal name at every time; throws ConfigError VALUE_INVALID for another. */
export function parseNameFormat(layout: string): string {
  const names = awkwardTimes.map((time) => formatGoTime(layout, time));
  for (const name of names) {
    const fault = snapshotNameFault(name);
    if (fault !== undefined) {
      throw nameFormatInvalid(layout, `makes the name ${JSON.stringify(name)}, which ${fault}`);
    }
  }
  if (new Set(names).size === 1) {
    throw nameFormatInvalid(layout, "names no part of a time, so all snapshots would have one name");
  }
  return layout;
}

/** Room below the 255 bytes of a file name for what a temporary name or ".json" adds. */
const nameBytesMax = 200;

// Layout elements are shortest, or padded with blanks, early on a second of January at a whole second, and longest on
// a Wednesday in September.
const awkwardTimes = [new Date("2023-01-02T03:04:05.000Z"), new Date("2026-09-30T23:59:58.765Z")];

function nameFormatInvalid(layout: string, fault: string): ConfigError {
  return new ConfigError(
    "VALUE_INVALID",
    `the layout ${JSON.stringify(layout)} ${fault}; expected a layout of Go's time package such as "2006-01-02T15-04-05Z"`,
    { facts: { found: layout } },
  );
}
