import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

test("columns are as wide as their widest cell, and no line ends in blanks", () => {
  const rows = [
    ["noble", "1", "production"],
    ["a-long-mirror", "22", ""],
  ];
  expect(formatTable(["MIRROR", "N", "STATUS"], rows)).toBe(
    ["MIRROR         N   STATUS", "noble          1   production", "a-long-mirror  22", ""].join("\n"),
  );
});

test("without rows there is the head", () => {
  expect(formatTable(["MIRROR", "SIZE"], [])).toBe("MIRROR  SIZE\n");
});

test("control characters of a cell do not reach the terminal", () => {
  expect(formatTable(["WHY"], [["\u001B[2Jgone"]])).toBe("WHY\n\\u001b[2Jgone\n");
});
