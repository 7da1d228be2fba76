import { madeNameFault } from "../../snapshot-name.ts";
import { ConfigError } from "../errors.ts";
import { formatGoTime } from "./go-time.ts";

/** Returns the layout if it makes a legal name at every time. Throws ConfigError VALUE_INVALID otherwise. */
export function parseNameFormat(layout: string): string {
  const names = awkwardTimes.map((time) => formatGoTime(layout, time));
  for (const name of names) {
    const fault = madeNameFault(name);
    if (fault !== undefined) {
      throw nameFormatInvalid(layout, `makes the name ${JSON.stringify(name)}, which ${fault}`);
    }
  }
  if (new Set(names).size === 1) {
    throw nameFormatInvalid(layout, "contains no element of a time, so all snapshots would have one name");
  }
  return layout;
}

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
