import { expect, test } from "vitest";
import type { SyncSummary } from "../events.ts";
import { messageOfRunEvent } from "./run-events.ts";

const nothing: SyncSummary = {
  type: "sync-ended",
  elapsedMs: 252_000,
  synced: 0,
  unchanged: 0,
  failed: [],
  locked: [],
  interrupted: [],
  fetchedFiles: 0,
  fetchedBytes: 0,
};

test.each<[string, Partial<SyncSummary>]>([
  [
    "Sync of 1 mirror ended after 4m 12s: 1 synced; 1 file (2.0 MB) downloaded",
    { synced: 1, fetchedFiles: 1, fetchedBytes: 2e6 },
  ],
  ["Sync of 1 mirror ended after 0s: 1 unchanged", { unchanged: 1, elapsedMs: 20 }],
  ["Sync of 1 mirror ended after 4m 12s: 1 failed (noble)", { failed: ["noble"] }],
  [
    "Sync of 8 mirrors ended after 4m 12s: 2 synced, 1 unchanged, 2 failed (a, b), 1 locked by another run (c), 2 interrupted (d, e); 42 files (3.2 MB) downloaded",
    {
      synced: 2,
      unchanged: 1,
      failed: ["a", "b"],
      locked: ["c"],
      interrupted: ["d", "e"],
      fetchedFiles: 42,
      fetchedBytes: 3_200_000,
    },
  ],
])("%s", (text, summary) => {
  expect(messageOfRunEvent({ ...nothing, ...summary })).toEqual({ level: "info", text });
});

test("says which file a newer mirrorctl wrote, and what to do", () => {
  const newer = { path: "/srv/history.db", version: 3, known: 1 };
  const { level, text } = messageOfRunEvent({ type: "history-newer", ...newer });
  expect(level).toBe("warn");
  expect(text.split("\n")).toEqual([
    "a newer mirrorctl wrote the history /srv/history.db: it has version 3, and this one knows versions up to 1",
    "It is read, and nothing is added to it: what this mirrorctl does is not recorded. Run the newer one",
  ]);
});
