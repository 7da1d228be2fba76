import { expect, test } from "vitest";
import { locateKeys } from "./positions.ts";

const text = `dir = "/srv"
tls.min_version = "1.2"
[mirrors.a.filters]
keep_versions = 1
[mirrors.a]
  url = ["x",
    "y"]
publish = { grace = "1h", x.y = [{ z = 1 }] }
[[list]]
[[list]]
'quoted key' = 2
[list.below]
`;

test.each([
  [["dir"], "1:1", "1:7"],
  [["tls"], "2:1", "2:1"],
  [["tls", "min_version"], "2:5", "2:19"],
  [["mirrors"], "3:2", "3:2"],
  [["mirrors", "a"], "5:10", "5:10"],
  [["mirrors", "a", "filters"], "3:12", "3:12"],
  [["mirrors", "a", "filters", "keep_versions"], "4:1", "4:17"],
  [["mirrors", "a", "url"], "6:3", "6:9"],
  [["mirrors", "a", "url", 1], "7:5", "7:5"],
  [["mirrors", "a", "publish", "grace"], "8:13", "8:21"],
  [["mirrors", "a", "publish", "x", "y", 0, "z"], "8:36", "8:40"],
  [["list"], "9:3", "9:3"],
  [["list", 1, "quoted key"], "11:1", "11:16"],
  [["list", 1, "below"], "12:7", "12:7"],
])("finds %j at %s and its value at %s", (path, key, value) => {
  const place = locateKeys(text)(path);
  expect([`${place?.key.line}:${place?.key.column}`, `${place?.value.line}:${place?.value.column}`]).toEqual([
    key,
    value,
  ]);
});

test("finds no position for a missing key", () => {
  expect(locateKeys(text)(["mirrors", "b"])).toBeUndefined();
});

test("finds no positions in a text that cannot be parsed", () => {
  expect(locateKeys("dir = = 1")(["dir"])).toBeUndefined();
});
