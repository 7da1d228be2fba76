import { equal, ok } from "node:assert/strict";
import { compareVersions } from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { openAptOracle } from "../oracles/apt.ts";
import { accepted } from "./properties.ts";

/** Three versions, one per line. */
export const versions: FuzzTarget = {
  name: "versions",
  dictionary: [
    ":",
    "-",
    "~",
    "+",
    ".",
    "~~",
    "0",
    "00",
    "1:",
    "0:",
    "\n",
    "\n1.0-1",
    "a",
    "Z",
    "9".repeat(40),
  ],
  check(input) {
    const [a, b, c] = versionsIn(input);
    const order = compare(a, b);
    equal(compare(b, a), 0 - order, "turned around");
    equal(compare(a, a), 0, "with itself");
    const [first, second, third] = [a, b, c].toSorted(compareVersions) as [string, string, string];
    ok(compare(first, second) <= 0 && compare(second, third) <= 0 && compare(first, third) <= 0, "no chain");
    return accepted(order, compare(b, c), a === b);
  },
  oracle: {
    askOneIn: 20,
    open: () =>
      openAptOracle({
        ours: (input) => legalPairsIn(input).map(([left, right]) => compare(left, right)),
        apts: (apt, input) =>
          Promise.all(legalPairsIn(input).map(([left, right]) => apt.compareVersions(left, right))),
      }),
  },
};

const compare = (a: string, b: string): number => Math.sign(compareVersions(a, b));

function versionsIn(input: Uint8Array): [a: string, b: string, c: string] {
  const [a = "", b = "", c = ""] = Buffer.from(input).toString("latin1").split("\n");
  return [a, b, c];
}

/** The characters that deb-version(7) allows in a version; the order of others is undefined. */
function legalPairsIn(input: Uint8Array): [left: string, right: string][] {
  const [a, b, c] = versionsIn(input).filter((text) =>
    /^(?:[0-9]+:)?[0-9](?:[A-Za-z0-9.+~-]*[A-Za-z0-9.+~])?$/.test(text),
  );
  return [
    ...(a === undefined || b === undefined ? [] : ([[a, b]] as [string, string][])),
    ...(b === undefined || c === undefined ? [] : ([[b, c]] as [string, string][])),
  ];
}
