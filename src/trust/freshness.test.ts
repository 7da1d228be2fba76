import { describe, expect, test } from "vitest";
import { TrustError } from "./errors.ts";
import { checkFreshness, type FreshnessContext } from "./freshness.ts";

const now = new Date("2026-03-10T12:00:00Z");
const allow = { future: false, expired: false, older: false };
const context: FreshnessContext = { now, heldDate: undefined, allow };
const at = (text: string): Date => new Date(text);

function codeOf(act: () => unknown): string {
  try {
    return JSON.stringify(act());
  } catch (error) {
    return error instanceof TrustError ? error.code : String(error);
  }
}

describe("a Date", () => {
  test.each([
    ["now", "2026-03-10T12:00:00Z", "[]"],
    ["ten seconds ahead", "2026-03-10T12:00:10Z", "[]"],
    ["eleven seconds ahead", "2026-03-10T12:00:11Z", "RELEASE_FUTURE"],
    ["years ago", "2020-01-01T00:00:00Z", "[]"],
  ])("%s: %s gives %s", (_case, date, expected) => {
    expect(codeOf(() => checkFreshness({ date: at(date), validUntil: undefined }, context))).toBe(expected);
  });

  test("in the future is accepted with a warning by its own option only", () => {
    const release = { date: at("2026-03-10T13:00:00Z"), validUntil: undefined };
    const check = (allowed: Partial<FreshnessContext["allow"]>): string =>
      codeOf(() => checkFreshness(release, { ...context, allow: { ...allow, ...allowed } }));
    expect(check({ expired: true, older: true })).toBe("RELEASE_FUTURE");
    expect(check({ future: true })).toMatch(/"accepted".*dated 2026-03-10T13.*"allow_future"/);
  });

  test("that is missing causes a warning", () => {
    expect(checkFreshness({ date: undefined, validUntil: undefined }, context)).toEqual([
      { kind: "undated" },
    ]);
  });
});

const checkExpiry = (validUntil: string, allowExpired = false): string =>
  codeOf(() =>
    checkFreshness(
      { date: now, validUntil: at(validUntil) },
      { ...context, allow: { ...allow, expired: allowExpired } },
    ),
  );

describe("a Valid-Until", () => {
  test("in four days causes no warning", () => expect(checkExpiry("2026-03-14T12:00:00Z")).toBe("[]"));
  test("in three days causes a warning", () => {
    expect(checkExpiry("2026-03-13T12:00:00Z")).toBe(
      JSON.stringify([{ kind: "expiring", validUntil: at("2026-03-13T12:00:00Z") }]),
    );
  });
  test("of this moment is expired", () =>
    expect(checkExpiry("2026-03-10T12:00:00Z")).toBe("RELEASE_EXPIRED"));
  test("that has passed is refused", () =>
    expect(checkExpiry("2026-03-01T00:00:00Z")).toBe("RELEASE_EXPIRED"));
  test("that has passed is accepted with a warning if allowed", () => {
    expect(checkExpiry("2026-03-01T00:00:00Z", true)).toMatch(/"accepted".*expired: .*"allow_expired"/);
  });
});

const checkRollback = (date: Date | undefined, allowOlder = false): string =>
  codeOf(() =>
    checkFreshness(
      { date, validUntil: undefined },
      { ...context, heldDate: at("2026-03-09T00:00:00Z"), allow: { ...allow, older: allowOlder } },
    ),
  );

describe("a Release, compared with the held one,", () => {
  test("is accepted if newer", () => expect(checkRollback(at("2026-03-09T00:00:01Z"))).toBe("[]"));
  test("is accepted with the same Date", () => expect(checkRollback(at("2026-03-09T00:00:00Z"))).toBe("[]"));
  test("is refused if older", () => expect(checkRollback(at("2026-03-08T23:59:59Z"))).toBe("RELEASE_OLDER"));
  test("is refused without a Date, which apt treats as the oldest", () => {
    expect(checkRollback(undefined)).toBe("RELEASE_OLDER");
  });
  test("is accepted with a warning if older and allowed", () => {
    expect(checkRollback(at("2026-03-08T00:00:00Z"), true)).toMatch(
      /"accepted".*older than the one held.*"allow_older"/,
    );
  });
});
