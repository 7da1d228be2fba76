import { expect, test } from "vitest";
import { type Concern, concernText, noteText } from "./concerns.ts";

const at = new Date("2026-05-04T03:02:01Z");

test.each<[string, Concern]>([
  ["never synced", { kind: "never-synced" }],
  ["the last sync failed: no route to host", { kind: "sync-failed", at, reason: "no route to host" }],
  ["the last sync failed: see the log", { kind: "sync-failed", at, reason: undefined }],
  [
    `the last sync failed: twelve:\n${"f\n".repeat(10)}and 2 more, which --json lists`,
    { kind: "sync-failed", at, reason: `twelve:${"\nf".repeat(12)}` },
  ],
  [
    "staging leads to /srv/elsewhere, which is no snapshot of this mirror",
    { kind: "link-foreign", link: "staging", path: "/srv/elsewhere" },
  ],
  ["production leads to one, which is gone", { kind: "link-dangling", link: "production", name: "one" }],
  ["production leads nowhere, and the history has one there", { kind: "production-lost", name: "one" }],
  [
    "production: its Release has expired, clients refuse it",
    { kind: "release-expired", link: "production", validUntil: at },
  ],
  [
    "staging: its Release expires in 2d 3h, and clients refuse it then",
    { kind: "release-expiring", link: "staging", validUntil: at, leftMs: 51 * 3_600_000 },
  ],
])("%s", (text, concern) => {
  expect(concernText(concern)).toBe(text);
});

test("a history that this user cannot read is a note", () => {
  expect(noteText({ kind: "history-unreadable", reason: "permission denied" })).toBe(
    "this user cannot read the history: what only the history knows is not shown",
  );
});
