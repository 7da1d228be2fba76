import type { MirrorFacts } from "./facts.ts";

const at = new Date("2026-05-04T03:02:01Z");
const releases = [{ suite: "noble", date: at, validUntil: at }];
const stage = { changedAt: at, packages: 3, sizeBytes: 4096, releases };

/** A mirror of which everything is known. */
export const everyFact: MirrorFacts = {
  mirror: "noble",
  lastRun: { at, succeeded: true },
  lastSuccessAt: at,
  downloaded: { elapsedMs: 90_500, files: 7, bytes: 1000 },
  stages: [
    { stage: "working", snapshot: "(working mirror)", ...stage },
    { stage: "staging", snapshot: 'a"b\\c', ...stage },
    { stage: "production", snapshot: "one", ...stage },
  ],
  stagedChanges: { removed: 2, upgraded: 5 },
  snapshots: 4,
  uniqueBytes: [{ snapshot: "one", bytes: 512 }],
  gates: [{ gate: "min_packages", verdict: "passed" }],
  keys: [{ fingerprint: "F6ECB3762474EDA9D21B7022871920D1991BC93C", expiresAt: at }],
  damaged: [{ tree: "one", files: 1 }],
  space: [{ path: "/srv/apt", bytes: 1e9, inodes: 1e6 }],
};
