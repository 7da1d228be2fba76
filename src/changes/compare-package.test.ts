import { describe, expect, test } from "vitest";
import { build, compared, flat } from "./changes.fixture.ts";

describe("an index with one version of each package", () => {
  test.each([
    ["a new package", [], [build("a 1")], ["added a 1"]],
    ["a package that is gone", [build("a 1")], [], ["removed a 1"]],
    ["the same package", [build("a 1")], [build("a 1")], []],
    ["a newer version", [build("a 1.9")], [build("a 1.10")], ["upgraded a 1.9 -> 1.10"]],
    ["an older version", [build("a 1.10")], [build("a 1.9")], ["downgraded a 1.10 -> 1.9"]],
    ["a higher epoch", [build("a 9")], [build("a 1:1")], ["upgraded a 9 -> 1:1"]],
    ["a lower epoch", [build("a 1:1")], [build("a 9")], ["downgraded a 1:1 -> 9"]],
    ["the end of a pre-release", [build("a 1~rc1")], [build("a 1")], ["upgraded a 1~rc1 -> 1"]],
    ["a backport of the version", [build("a 1")], [build("a 1~bpo12+1")], ["downgraded a 1 -> 1~bpo12+1"]],
    ["other bytes", [build("a 1")], [build("a 1", { digest: "x" })], ["changed-bytes a 1 -> 1"]],
    ["another spelling", [build("a 1.0")], [build("a 1.00")], ["changed-bytes a 1.0 -> 1.00"]],
  ])("reports %s", (_what, before, after, changes) => {
    expect(compared(before, after)).toEqual(changes);
  });
});

describe("a rebuild", () => {
  test.each([
    ["has the same version of its source", { sourceField: "a (1)" }],
    ["has only another number of the rebuild", {}],
  ])("%s", (_what, fields) => {
    expect(compared([build("a 1")], [build("a 1+b1", fields)])).toEqual(["rebuilt a 1 -> 1+b1"]);
    expect(compared([build("a 1+b1", fields)], [build("a 1")])).toEqual(["downgraded a 1+b1 -> 1"]);
  });

  test("of a package that is numbered differently is known by its source", () => {
    const rebuilt = { sourceField: "gcc-defaults (1.203)" };
    expect(compared([build("g++ 12.2.0-3", rebuilt)], [build("g++ 12.2.0-3+b1", rebuilt)])).toEqual([
      "rebuilt g++ 12.2.0-3 -> 12.2.0-3+b1",
    ]);
  });

  test("is none if the version of the source is another one", () => {
    const [before, after] = [
      build("a 1+b1", { sourceField: "s (1)" }),
      build("a 1+b2", { sourceField: "s (2)" }),
    ];
    expect(compared([before], [after])).toEqual(["upgraded a 1+b1 -> 1+b2"]);
  });
});

const versions = (...numbers: readonly number[]) => numbers.map((number) => build(`a ${number}`));

describe("several versions of a package in one index", () => {
  test.each([
    ["a newest one beside the others", versions(1, 2), versions(1, 2, 3), ["upgraded a 2 -> 3"]],
    ["the newest one gone", versions(1, 2), versions(1), ["downgraded a 2 -> 1"]],
    ["an old one gone", versions(1, 2), versions(2), ["version-removed a 1"]],
    ["an old one added", versions(2), versions(1, 2), ["version-added a 1"]],
    ["a shift by one", versions(1, 2), versions(2, 3), ["upgraded a 2 -> 3", "version-removed a 1"]],
    ["all new", [], versions(1, 2), ["added a 2", "version-added a 1"]],
    ["all gone", versions(1, 2), [], ["removed a 2", "version-removed a 1"]],
    ["another order", versions(1, 2), versions(2, 1), []],
  ])("%s", (_what, before, after, changes) => {
    expect(compared(before, after)).toEqual(changes);
  });

  test("other bytes of an old one are reported beside an upgrade", () => {
    const changed = build("a 1", { digest: "x" });
    expect(compared(versions(1, 2), [changed, ...versions(3)])).toEqual([
      "upgraded a 2 -> 3",
      "changed-bytes a 1 -> 1",
    ]);
  });

  test("of a version that is listed twice, the first counts, as for apt", () => {
    const [one, other] = [build("a 1"), build("a 1", { digest: "x" })];
    const third = build("a 1", { digest: "y" });
    expect(compared([one, other], [one])).toEqual([]);
    expect(compared([one, other], [other])).toEqual(["changed-bytes a 1 -> 1"]);
    expect(compared([one, other], [other, one])).toEqual(["changed-bytes a 1 -> 1"]);
    expect(compared([one, other], [third, other, one])).toEqual(["changed-bytes a 1 -> 1"]);
    expect(compared([one, other], [one, other, third])).toEqual([]);
  });
});

describe("architectures and variants", () => {
  test("a package that becomes independent of the architecture is not removed", () => {
    expect(compared([build("a 1")], [build("a 2", { architecture: "all" })])).toEqual(["upgraded a 1 -> 2"]);
  });

  test("a package that is now built for the variant is a rebuild", () => {
    const variant = { suite: "stable", section: "main", architecture: "amd64v3" };
    const built = build("a 1", { variant: "amd64v3" });
    expect(compared([build("a 1")], [built], variant)).toEqual(["rebuilt a 1 -> 1"]);
  });

  test("each architecture of a flat suite is compared with itself", () => {
    const arm = { architecture: "arm64" };
    const before = [build("a 1"), build("a 1", arm)];
    expect(compared(before, [build("a 2"), build("a 1", arm)], flat)).toEqual(["upgraded a 1 -> 2"]);
    expect(compared(before, [build("a 1", arm)], flat)).toEqual(["removed a 1"]);
  });

  test("variants of one version in a flat suite are packages of their own", () => {
    const both = [build("a 1"), build("a 1", { variant: "amd64v3" })];
    expect(compared(both, both.slice(0, 1), flat)).toEqual(["removed a 1"]);
    expect(compared(both, both.toReversed(), flat)).toEqual([]);
  });
});
