import { describe, expect, test } from "vitest";
import { build, changeText, compareIndex, contrib, flat, main, security } from "./changes.fixture.ts";
import type { PackageBuild, Place } from "./index.ts";
import { pairMoves } from "./pair-moves.ts";

type Lists = readonly (readonly [Place, readonly PackageBuild[], readonly PackageBuild[]])[];

const paired = (lists: Lists): readonly string[] =>
  pairMoves(lists.flatMap(([place, before, after]) => compareIndex(place, before, after))).map(changeText);

describe("a package that is listed elsewhere", () => {
  test("has moved between sections", () => {
    expect(
      paired([
        [contrib, [build("a 1")], []],
        [main, [], [build("a 1")]],
      ]),
    ).toEqual(["moved a 1 -> 1 stable/contrib to stable/main"]);
  });

  test("is upgraded or downgraded if its version is another one", () => {
    const [old, present] = [build("a 1"), build("a 2")];
    expect(
      paired([
        [contrib, [old], []],
        [main, [], [present]],
      ]),
    ).toEqual(["upgraded a 1 -> 2 stable/contrib to stable/main"]);
    expect(
      paired([
        [contrib, [present], []],
        [main, [], [old]],
      ]),
    ).toEqual(["downgraded a 2 -> 1 stable/contrib to stable/main"]);
  });

  test("has other bytes if the file is another one", () => {
    expect(
      paired([
        [contrib, [build("a 1")], []],
        [main, [], [build("a 1", { digest: "x" })]],
      ]),
    ).toEqual(["changed-bytes a 1 -> 1 stable/contrib to stable/main"]);
  });

  test("has moved into another suite that had an older version, as at a point release", () => {
    expect(
      paired([
        [main, [build("a 1")], [build("a 2")]],
        [security, [build("a 2")], []],
      ]),
    ).toEqual(["upgraded a 1 -> 2", "moved a 2 -> 2 security/main to stable/main"]);
  });

  test("has not moved between suites if its version is another one", () => {
    expect(
      paired([
        [main, [], [build("a 1")]],
        [security, [build("a 2")], []],
      ]),
    ).toEqual(["added a 1", "removed a 2"]);
  });

  test("has not moved if it is still in the first place, or was in the second before", () => {
    const a = build("a 1");
    expect(
      paired([
        [contrib, [a], [a]],
        [main, [], [a]],
      ]),
    ).toEqual(["added a 1"]);
    expect(
      paired([
        [contrib, [a], []],
        [main, [a], [a]],
      ]),
    ).toEqual(["removed a 1"]);
  });

  test("has not moved to another architecture", () => {
    const arm = { ...main, architecture: "arm64" };
    const all = build("a 1", { architecture: "all" });
    expect(
      paired([
        [main, [all], []],
        [arm, [], [all]],
      ]),
    ).toEqual(["removed a 1", "added a 1"]);
  });

  test("has moved to both of two new places", () => {
    const universe = { ...main, section: "universe" };
    const a = build("a 1");
    expect(
      paired([
        [contrib, [a], []],
        [main, [], [a]],
        [universe, [], [a]],
      ]),
    ).toEqual([
      "moved a 1 -> 1 stable/contrib to stable/main",
      "moved a 1 -> 1 stable/contrib to stable/universe",
    ]);
  });
});

test("a package in more places than any archive has is compared place by place", () => {
  const before = Array.from({ length: 2001 }, (_, at) => build("a 1", { architecture: `x${at}` }));
  const changes = paired([[flat, before, [build("a 2", { architecture: "all" })]]]);
  expect(changes).toEqual([...before.map(() => "removed a 1"), "added a 2"]);
});

test("a package of a flat suite that becomes one of all architectures is not removed", () => {
  const before = [build("a 1"), build("a 1", { architecture: "arm64" })];
  expect(paired([[flat, before, [build("a 2", { architecture: "all" })]]])).toEqual([
    "upgraded a 1 -> 2",
    "upgraded a 1 -> 2",
  ]);
});
