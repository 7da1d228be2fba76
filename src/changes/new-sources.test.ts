import { expect, test } from "vitest";
import { build, compareIndex, contrib, main } from "./changes.fixture.ts";
import { newSources } from "./new-sources.ts";
import { combineChanges } from "./tree-changes.ts";

const of = (source: string) => ({ sourceField: source });
const newIn = (...lists: Parameters<typeof compareIndex>[]) =>
  newSources(combineChanges(lists.flatMap((list) => compareIndex(...list))).sources).map(
    ({ source, before, after }) => `${source} ${before} -> ${after}`,
  );

test.each([
  ["an upgrade", [build("a 1")], [build("a 2")], ["a 1 -> 2"]],
  ["a new source", [], [build("a 2")], ["a undefined -> 2"]],
  ["a removal", [build("a 1")], [], []],
  ["a downgrade", [build("a 2")], [build("a 1")], []],
  ["a rebuild", [build("a 1", of("a (1)"))], [build("a 1+b1", of("a (1)"))], []],
  ["other bytes", [build("a 1")], [build("a 1", { digest: "x" })], []],
  [
    "packages of one source once",
    [build("a 1", of("s")), build("b 1", of("s"))],
    [build("a 2", of("s")), build("b 2", of("s"))],
    ["s 1 -> 2"],
  ],
  ["the version of the source", [build("a 7", of("s (1)"))], [build("a 8", of("s (2)"))], ["s 1 -> 2"]],
  [
    "a package with the version in its name",
    [build("image-7 7", of("linux"))],
    [build("image-9 9", of("linux"))],
    ["linux 7 -> 9"],
  ],
  ["a new package of an old version", [build("a 1", of("s"))], [build("b 1", of("s"))], []],
  [
    "the newest of older versions",
    [build("a 1", of("s")), build("b 3", of("s"))],
    [build("a 4", of("s")), build("b 4", of("s"))],
    ["s 3 -> 4"],
  ],
])("%s", (_what, before, after, expected) => {
  expect(newIn([main, before, after])).toEqual(expected);
});

test("one version in two places counts once", () => {
  expect(
    newIn(
      [main, [build("a 1")], [build("a 2")]],
      [contrib, [build("b 1", of("a"))], [build("b 2", of("a"))]],
    ),
  ).toEqual(["a 1 -> 2"]);
});
