import { describe, expect, test } from "vitest";
import { snapshotNameFault, standInName } from "./snapshot-name.ts";

describe("snapshotNameFault", () => {
  test.each(["2025-10-14T15-45-30Z", "before_upgrade", "a", "1:2", "ä".repeat(100), "a..b", "-x"])(
    "takes %s",
    (name) => {
      expect(snapshotNameFault(name)).toBeUndefined();
    },
  );

  test.each([
    ["", "is empty"],
    [".", 'starts with "."'],
    ["..", 'starts with "."'],
    [".meta", 'starts with "."'],
    ["a/b", 'contains "/"'],
    ["/a", 'contains "/"'],
    ["a b", "contains a blank or a control character"],
    ["a\u00a0b", "contains a blank or a control character"],
    ["a\nb", "contains a blank or a control character"],
    ["a\0b", "contains a blank or a control character"],
    ["a\u0085b", "contains a blank or a control character"],
    ["a".repeat(201), "is longer than 200 bytes"],
    ["ä".repeat(101), "is longer than 200 bytes"],
  ])("%j %s", (name, fault) => {
    expect(snapshotNameFault(name)).toBe(fault);
  });

  test("takes the stand-in of the longest name, and no longer one", () => {
    expect(snapshotNameFault(standInName("a".repeat(200)))).toBeUndefined();
    expect(snapshotNameFault(standInName("a".repeat(201)))).toBe("is longer than 200 bytes");
  });
});
