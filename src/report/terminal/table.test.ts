import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth } from "./display-width.ts";
import { formatTable } from "./table.ts";

test("makes columns as wide as their widest cell, and no trailing blanks", () => {
  const rows = [
    ["noble", "1", "production"],
    ["a-long-mirror", "22", ""],
  ];
  expect(formatTable(["MIRROR", "N", "STATUS"], rows)).toBe(
    ["MIRROR         N   STATUS", "noble          1   production", "a-long-mirror  22", ""].join("\n"),
  );
});

test("has a head without rows", () => {
  expect(formatTable(["MIRROR", "SIZE"], [])).toBe("MIRROR  SIZE\n");
});

test("escapes control characters of a cell", () => {
  expect(formatTable(["WHY"], [["\u001B[2Jgone"]])).toBe("WHY\n\\u001b[2Jgone\n");
});

test("measures wide characters and marks as a terminal shows them", () => {
  const rows = [
    ["検証済み", "a"],
    ["e\u0301tude", "b"],
  ];
  expect(formatTable(["WHY", "N"], rows)).toBe("WHY       N\n検証済み  a\ne\u0301tude     b\n");
});

describe("a table that is wider than the terminal", () => {
  const head = [
    "WHEN",
    { title: "WHO", importance: 3 },
    { title: "FROM", importance: 1 },
    { title: "TO", importance: 2 },
    { title: "WHY", cutTo: 8 },
  ];
  const rows = [
    ["2026-05-04", "ada", "snapshot-1", "snapshot-2", "tested on the web servers"],
    ["2026-05-03", "grace", "-", "-", ""],
  ];
  const linesAt = (width: number | undefined): string[] =>
    formatTable(head, rows, width).trimEnd().split("\n");

  test("is complete without a limit", () => {
    expect(linesAt(undefined)[1]).toBe(
      "2026-05-04  ada    snapshot-1  snapshot-2  tested on the web servers",
    );
    expect(linesAt(68)).toEqual(linesAt(undefined));
  });

  test("first cuts long texts", () => {
    expect(linesAt(60)[1]).toBe("2026-05-04  ada    snapshot-1  snapshot-2  tested on the we…");
    expect(linesAt(51)[1]).toBe("2026-05-04  ada    snapshot-1  snapshot-2  tested …");
  });

  test("then leaves out the least important columns, and cuts as little as needed", () => {
    expect(linesAt(50)).toEqual([
      "WHEN        WHO    TO          WHY",
      "2026-05-04  ada    snapshot-2  tested on the web …",
      "2026-05-03  grace  -",
    ]);
    expect(linesAt(38)[1]).toBe("2026-05-04  ada    tested on the web …");
    expect(linesAt(20)[1]).toBe("2026-05-04  tested …");
  });

  test("keeps columns without an importance", () => {
    expect(linesAt(3)).toEqual(linesAt(20));
  });

  test("is never wider than the terminal if it can be narrowed", () => {
    const cell = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom("検証済み", "🚀🚀", "", "e\u0301"));
    const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 });
    fc.assert(
      fc.property(table, fc.integer({ min: 12, max: 80 }), (cells, width) => {
        const columns = [
          { title: "A", cutTo: 5 },
          { title: "B", importance: 1 },
          { title: "C", cutTo: 5 },
        ];
        for (const line of formatTable(columns, cells, width).split("\n"))
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
