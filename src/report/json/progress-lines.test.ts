import { expect, test } from "vitest";
import type { MirrorNews } from "../events.ts";
import { type ProgressReport, progressFollower } from "./progress-lines.ts";

/** Follows events at these milliseconds, and returns what is reported. */
function reportsOf(events: readonly (readonly [atMs: number, event: MirrorNews, mirror?: string])[]) {
  const reports: ProgressReport[] = [];
  let now = 0;
  const follow = progressFollower(
    () => new Date(1e12 + now),
    (report) => void reports.push(report),
  );
  for (const [atMs, event, mirror = "noble"] of events) {
    now = atMs;
    follow({ mirror, ...event });
  }
  return reports;
}

const planned = { type: "transfer-planned", files: 3, sizeBytes: 900, heldFiles: 0 } as const;
const progressed = { type: "transfer-progressed", sizeBytes: 100 } as const;
const fetched = { type: "file-fetched", path: "a", sizeBytes: 300 } as const;

test("progress is reported once a second, and at the end", () => {
  const reports = reportsOf([
    [0, planned],
    [10, progressed],
    [999, progressed],
    [1000, progressed],
    [1001, fetched],
    [1999, progressed],
    [2500, { type: "transfer-ended" }],
  ]);
  const common = { type: "progress", mirror: "noble", kind: "download", files: 3, sizeBytes: 900 } as const;
  expect(reports).toEqual([
    { ...common, filesDone: 0, bytesDone: 300, elapsedMs: 1000 },
    { ...common, filesDone: 1, bytesDone: 400, elapsedMs: 2500 },
  ]);
});

test("each mirror is reported for itself", () => {
  const reports = reportsOf([
    [0, planned],
    [900, planned, "jammy"],
    [1000, progressed],
    [1000, progressed, "jammy"],
    [1900, progressed, "jammy"],
  ]);
  expect(reports.map(({ mirror, elapsedMs }) => [mirror, elapsedMs])).toEqual([
    ["noble", 1000],
    ["jammy", 1000],
  ]);
});

test("an interruption is reported, and a transfer of nothing is not", () => {
  const reports = reportsOf([
    [0, { ...planned, files: 0 }],
    [5, { type: "transfer-ended" }],
    [10, { type: "reading-planned", files: 2, sizeBytes: 50 }],
    [20, { type: "reading-progressed", sizeBytes: 20 }],
    [30, { type: "sync-interrupted" }],
  ]);
  expect(reports).toMatchObject([{ kind: "reading", bytesDone: 20, filesDone: 0, elapsedMs: 20 }]);
});
