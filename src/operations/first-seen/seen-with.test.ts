import { expect, test } from "vitest";
import { seenWith } from "./seen-with.ts";

const may = (day: number): Date => new Date(Date.UTC(2026, 4, day));
const generation = "20260504T000000.000Z";

test.each([
  ["of the sync that made it", { createdAt: may(6), generation }, may(4)],
  ["of a second sync in that millisecond", { createdAt: may(6), generation: `${generation}-2` }, may(4)],
  ["at which it was made, if its sync is unknown", { createdAt: may(6) }, may(6)],
  ["at which it was made, if its sync has another name", { createdAt: may(6), generation: "first" }, may(6)],
  ["at present, if its clock was ahead", { createdAt: may(30), generation: "20260530T000000.000Z" }, may(9)],
  [
    "of the newest Release, if its clock was behind",
    { createdAt: may(6), generation, releases: [{ date: may(5).toISOString() }, { date: undefined }] },
    may(5),
  ],
])("a tree has its bytes since the time %s", (_what, tree, expected) => {
  expect(seenWith(tree, may(9))).toEqual(expected);
});
