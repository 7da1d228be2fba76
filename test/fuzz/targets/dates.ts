import { equal, ok } from "node:assert/strict";
import { parseReleaseDate } from "../../../src/repository/release/release-date.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { openAptOracle } from "../oracles/apt.ts";
import { accepted } from "./properties.ts";

const read = (input: Uint8Array): Date | undefined => parseReleaseDate(Buffer.from(input).toString("latin1"));

export const dates: FuzzTarget = {
  name: "dates",
  dictionary: [
    "Mon Tue Wed Thu Fri Sat Sun Jan Feb Apr Jun Dec UTC GMT Z +0000 -0000 +0100 EST 0000 9999 0099".split(
      " ",
    ),
    ["Saturday, 10-Jun-23 08:53:33 GMT", "Sat Jun 10 08:53:33 2023", "December"],
    ["Sat, 10 Jun 2023 08:53:33 UTC", "29 Feb 2000", "31 Jun", "00:00:00", "23:59:60", "24:00:00"],
    [", ", "  ", "01", "1", "\t", "\n"],
  ].flat(),
  check(input) {
    const date = read(input);
    if (date === undefined) return { kind: "refused", word: "" };
    ok(!Number.isNaN(date.getTime()), "no date");
    const year = date.getUTCFullYear();
    ok(year >= 0 && year <= 9_999, `the year ${year}`);
    equal(parseReleaseDate(date.toUTCString())?.getTime(), date.getTime(), "written and read again");
    return accepted(input.length);
  },
  oracle: {
    askOneIn: 10,
    open: () =>
      openAptOracle({
        ours: (input) => (read(input)?.getTime() ?? Number.NaN) / 1_000,
        apts: (apt, input) => apt.readDate(Buffer.from(input).toString("latin1")),
      }),
  },
};
