import { expect, test } from "vitest";
import type { MirrorEvent } from "../../events.ts";
import { checkLines, lineOf, type News, name } from "./test-support.ts";

type Ended = Extract<News<MirrorEvent>, { type: "verify-ended" }>;

const ended = (what: Partial<Ended>): Ended => ({
  type: "verify-ended",
  name,
  result: "whole",
  files: 3,
  readBytes: 0,
  damaged: 0,
  isUntried: false,
  isWorkingMirror: false,
  ...what,
});

const missing = { kind: "missing", isCarried: false } as const;

const contradiction = (path: string) => ({
  path,
  source: "main/binary-amd64/Packages",
  algorithm: "sha1",
  listed: "1b",
  found: "0a",
});

checkLines([
  [
    "ERROR 2025-10-14T15-45-30Z: and 390 more not repaired, which --json lists",
    { type: "more-damages", name, what: "left", more: 390 },
  ],
  ["INFO  Verifying ubuntu-noble: 2025-10-14T15-45-30Z", { type: "verify-started", name }],
  [
    "ERROR 2025-10-14T15-45-30Z: pool/a.deb: it is missing",
    { type: "damage-found", name, path: "pool/a.deb", problem: missing },
  ],
  [
    "WARN  2025-10-14T15-45-30Z of ubuntu-noble has 1 damaged file too, shared with one of debian",
    { type: "damage-shared", name, from: "one of debian", files: 1 },
  ],
  [
    "INFO  Repaired pool/a.deb of 2025-10-14T15-45-30Z from another tree: 3 names",
    { type: "damage-repaired", name, path: "pool/a.deb", from: "tree", names: 3 },
  ],
  [
    "ERROR 2025-10-14T15-45-30Z: not repaired: pool/a.deb: it is missing\nmirrorctl did not put that there, and leaves it alone\nMove it away, then repair again.",
    {
      type: "damage-left",
      name,
      path: "pool/a.deb",
      problem: missing,
      because: { kind: "in-the-way" },
    },
  ],
  [
    "ERROR 2025-10-14T15-45-30Z: there is no Release in it",
    { type: "fault-found", name, fault: { kind: "no-release" } },
  ],
  [
    "INFO  2025-10-14T15-45-30Z: 4 files that nothing in it lists: a, b, c, …",
    {
      type: "verify-remarked",
      name,
      remark: { kind: "files-unlisted", files: 4, names: ["a", "b", "c", "d"] },
    },
  ],
  [
    "INFO  2025-10-14T15-45-30Z: upstream lists 1 digest wrongly; the files are right by the digest that decides, and " +
      "not damaged. apt refuses to download them:\n" +
      "pool/a.deb: the sha1 digest is 0a; main/binary-amd64/Packages lists 1b",
    { type: "contradictions-found", name, contradictions: [contradiction("pool/a.deb")] },
  ],
  ["INFO  2025-10-14T15-45-30Z is whole: 3 files, 1.2 kB read", ended({ result: "whole", readBytes: 1200 })],
  ["INFO  2025-10-14T15-45-30Z is whole again: 3 files", ended({ result: "repaired" })],
  [
    "ERROR 2025-10-14T15-45-30Z is damaged: 1 of 3 files\nTo repair it: mirrorctl snapshot verify ubuntu-noble 2025-10-14T15-45-30Z --deep --repair",
    ended({ result: "damaged", damaged: 1, isUntried: true }),
  ],
  [
    "ERROR 2025-10-14T15-45-30Z is damaged: 1 of 3 files\nTo repair it: mirrorctl snapshot verify ubuntu-noble --deep --repair",
    ended({ result: "damaged", damaged: 1, isUntried: true, isWorkingMirror: true }),
  ],
  ["INFO  2025-10-14T15-45-30Z was removed or replaced while it was verified", ended({ result: "gone" })],
  [
    "WARN  ubuntu-noble: the next sync may link what is damaged, since this user cannot mark it (EACCES): verify as the user that owns /srv",
    { type: "damage-unmarked", reason: "EACCES", dir: "/srv" },
  ],
  [
    "WARN  /srv/a.deb is damaged as well, and could not be replaced: EACCES",
    { type: "shared-damage-left", path: "/srv/a.deb", reason: "EACCES" },
  ],
  [
    "WARN  /srv/a.deb shares the damaged pool/a.deb, and was left alone: verify that snapshot by its name",
    { type: "shared-name-left", path: "/srv/a.deb", damaged: "pool/a.deb" },
  ],
  [
    "WARN  the damaged pool/a.deb has 2 more names outside the trees of this configuration: find /srv -xdev -inum 7",
    { type: "names-elsewhere", path: "pool/a.deb", names: 2, dir: "/srv", inode: "7" },
  ],
  [
    "WARN  the damaged pool/a.deb has 1 more name outside the trees of this configuration: find /srv -xdev -inum 7",
    { type: "names-elsewhere", path: "pool/a.deb", names: 1, dir: "/srv", inode: "7" },
  ],
  [
    "WARN  ubuntu-noble: what the last sync was asked for is readable by its owner alone, and is taken from the configuration",
    { type: "sync-facts-unreadable" },
  ],
]);

test("shows ten of many contradictions, and counts the others", () => {
  const contradictions = Array.from({ length: 12 }, (_, index) => contradiction(`pool/${index}.deb`));
  const lines = lineOf({ type: "contradictions-found", name, contradictions })?.split("\n");
  expect(lines).toHaveLength(12);
  expect(lines?.at(-1)).toBe("and 2 more, which --json lists");
});
