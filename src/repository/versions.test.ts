import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startAptLibrary } from "./test-support.ts";
import { compareVersions } from "./versions.ts";

const check = (left: string, order: -1 | 0 | 1, right: string) =>
  test(`${left} against ${right}`, () => {
    expect(Math.sign(compareVersions(left, right))).toBe(order);
    expect(Math.sign(compareVersions(right, left))).toBe(0 - order);
  });

describe("the order of deb-version(7)", () => {
  check("1.0", 0, "1.0");
  check("1.0~rc1", -1, "1.0");
  check("1.0~~", -1, "1.0~");
  check("1.0~~a", -1, "1.0~");
  check("1.0", -1, "1.0a");
  check("1.0a", -1, "1.0+");
  check("1.0Z", -1, "1.0a");
  check("1.9", -1, "1.10");
  check("1.010", 0, "1.10");
  check("1.0", 0, "1.00");
  check("1:0.9", 1, "2.0");
  check("0:1.0", 0, "1.0");
  check("10:1", 1, "9:1");
  check("1.0", 0, "1.0-0");
  check("1.0", -1, "1.0-1");
  check("1.0-1", -1, "1.0-1.1");
  check("1.0-1-1", -1, "1.0-2-1");
  check("1.0-1~bpo12+1", -1, "1.0-1");
  check("2:1.0:3-1", -1, "2:1.0:4-1");
  check("1.99999999999999999998", -1, "1.99999999999999999999");
  check("20240101", 1, "2024.01.01");
});

const textOf = (letters: string, constraints: { minLength?: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...letters.split("")), ...constraints });
const epoch = fc.constantFrom("", "", "0:", "1:", "02:", "10:");
const digits = fc.constantFrom(
  "0",
  "00",
  "1",
  "9",
  "10",
  "010",
  "99999999999999999998",
  "099999999999999999999",
);
const upstream = fc
  .array(fc.oneof(digits, textOf("~~+.aZz-:", { minLength: 1, maxLength: 3 })), { maxLength: 5 })
  .map((parts) => `1${parts.join("")}`);
const revision = fc
  .array(fc.oneof(digits, textOf("~~+.aZz", { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 4 })
  .map((parts) => `-${parts.join("")}`);
/** A colon needs an epoch before it. The revision has no colon and is not empty. */
function versionOf(epochAndColon: string, rest: string): string {
  const legal = rest.replaceAll(/(?<=-.*):(?=[^-]*$)/g, "").replace(/-$/, "-1");
  return `${epochAndColon === "" && legal.includes(":") ? "0:" : epochAndColon}${legal}`;
}
const afterEpoch = fc.tuple(upstream, fc.oneof(fc.constant(""), revision)).map((parts) => parts.join(""));
const legalVersion = fc.tuple(epoch, afterEpoch).map(([before, rest]) => versionOf(before, rest));
/** Two versions that are equal up to some place. */
const likePair = fc
  .tuple(epoch, afterEpoch, fc.nat(), textOf("~+.aZ019", { maxLength: 3 }))
  .map(([before, rest, place, other]): [string, string] => {
    const at = 1 + (place % rest.length);
    const changed = `${rest.slice(0, at)}${other}${rest.slice(at + 1)}`;
    return [versionOf(before, rest), versionOf(before, changed)];
  });
const pair = fc.oneof(likePair, fc.tuple(legalVersion, legalVersion));

describe("the order", () => {
  const anyVersion = fc.oneof(legalVersion, fc.string({ maxLength: 8 }));

  test("is antisymmetric", () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
      }),
    );
  });

  test("is transitive", () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (...versions) => {
        const [a, b, c] = versions.toSorted(compareVersions) as [string, string, string];
        expect(compareVersions(a, b)).toBeLessThanOrEqual(0);
        expect(compareVersions(b, c)).toBeLessThanOrEqual(0);
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test("agrees with apt", async () => {
    await using apt = startAptLibrary();
    const property = fc.asyncProperty(pair, async ([left, right]) => {
      expect(Math.sign(compareVersions(left, right))).toBe(await apt.compareVersions(left, right));
    });
    await fc.assert(property, { numRuns: 1500 });
  });

  test("agrees with dpkg", () => {
    const pairs = fc.sample(pair, 100);
    const script =
      'dpkg --compare-versions "$1" lt "$2" && echo -1 || { dpkg --compare-versions "$1" eq "$2" && echo 0 || echo 1; }';
    const loop = `while [ $# -gt 0 ]; do ${script}; shift 2; done`;
    const output = execFileSync("sh", ["-c", loop, "sh", ...pairs.flat()], { encoding: "utf8" });
    const orders = pairs.map(([left, right]) => [
      left,
      String(Math.sign(compareVersions(left, right))),
      right,
    ]);
    const answers = output.trimEnd().split("\n");
    expect(orders).toEqual(pairs.map(([left, right], at) => [left, answers[at], right]));
  });
});
