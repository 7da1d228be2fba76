import { describe, expect, test } from "vitest";
import type { Transfer } from "../transfers.ts";
import { formatBars } from "./bars.ts";

const start = new Date("2026-05-04T03:02:01Z");
const later = (ms: number): Date => new Date(start.getTime() + ms);

const transfer = (more: Partial<Transfer> = {}): Transfer => ({
  mirror: "noble",
  kind: "download",
  startedAt: start,
  files: 310,
  sizeBytes: 3_000_000_000,
  filesDone: 0,
  bytesDone: 0,
  ...more,
});

describe("a bar", () => {
  test.each([
    [
      "at its start, when nothing can be said of the speed",
      transfer(),
      0,
      "noble  [>                       ]   0%  0/310 files  0 B/3.0 GB  0 B/s",
    ],
    [
      "in the middle",
      transfer({ filesDone: 120, bytesDone: 1_500_000_000 }),
      30_000,
      "noble  [============>           ]  50%  120/310 files  1.5 GB/3.0 GB  50.0 MB/s  30s left",
    ],
    [
      "at its end",
      transfer({ filesDone: 310, bytesDone: 3_000_000_000 }),
      60_000,
      "noble  [========================] 100%  310/310 files  3.0 GB/3.0 GB  50.0 MB/s  0s left",
    ],
    [
      "of files without a byte in them",
      transfer({ files: 2, sizeBytes: 0 }),
      1000,
      "noble  [========================] 100%  0/2 files  0 B/0 B  0 B/s",
    ],
  ])("%s", (_when, state, elapsedMs, line) => {
    expect(formatBars([state], later(elapsedMs), 200)).toEqual([line]);
  });

  test("is never more than full", () => {
    const [line] = formatBars([transfer({ bytesDone: 9_000_000_000 })], later(1000), 200);
    expect(line).toContain("] 100%");
    expect(line).toContain("  0s left");
  });

  test.each([
    [100, "noble  [============>           ]  50%  120/310 files  1.5 GB/3.0 GB  50.0 MB/s  30s left"],
    [79, "noble  [==========>          ]  50%  1.5 GB/3.0 GB  50.0 MB/s  30s left"],
    [64, "noble  [===========>           ]  50%  50.0 MB/s  30s left"],
    [44, "noble   50%  50.0 MB/s  30s left"],
    [30, "noble   50%  30s left"],
    [9, "noble   …"],
    [0, ""],
  ])("within %i columns shrinks, and then goes without what matters least", (columns, line) => {
    const state = transfer({ filesDone: 120, bytesDone: 1_500_000_000 });
    expect(formatBars([state], later(30_000), columns)).toEqual([line]);
  });
});

describe("several bars", () => {
  const states = [
    transfer({ filesDone: 120, bytesDone: 1_500_000_000 }),
    transfer({ mirror: "debian-bookworm-security", files: 9, sizeBytes: 40_000 }),
    transfer({ mirror: "jammy", files: 12_000, filesDone: 7, bytesDone: 300_000 }),
  ];

  test("are aligned", () => {
    expect(formatBars(states, later(30_000), 140)).toEqual([
      "noble                     [============>           ]  50%  120/310 files    1.5 GB/3.0 GB  50.0 MB/s     30s left",
      "debian-bookworm-security  [>                       ]   0%      0/9 files      0 B/40.0 kB      0 B/s",
      "jammy                     [>                       ]   0%  7/12000 files  300.0 kB/3.0 GB  10.0 kB/s  3d 11h left",
    ]);
  });

  test("have long names cut in the middle", () => {
    expect(formatBars(states, later(30_000), 79).map((line) => line.slice(0, 21))).toEqual([
      "noble                ",
      "debian-bo…-security  ",
      "jammy                ",
    ]);
  });

  const widths = Array.from({ length: 160 }, (_, columns) => columns);

  test.each(widths)("fit a terminal of %i columns", (columns) => {
    for (const line of formatBars(states, later(30_000), columns))
      expect(line.length).toBeLessThanOrEqual(columns);
  });

  test.each(widths.slice(59))("show rate and time left in %i columns", (columns) => {
    const [line] = formatBars(states, later(30_000), columns);
    expect(line).toMatch(/ 50% .* 50\.0 MB\/s +30s left$/);
  });
});
