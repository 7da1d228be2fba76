import { expect, test } from "vitest";
import { type DamageProblem, problemText } from "./damage-problem.ts";
import { type LeftReason, leftText } from "./left-damaged.ts";
import { faultText, type TreeFault, type TreeRemark, treeRemarkText } from "./tree-remarks.ts";

test.each<[string, DamageProblem]>([
  ["a: it is missing", { kind: "missing", isCarried: false }],
  ["a: it is missing, and only carried along for a time", { kind: "missing", isCarried: true }],
  ["a: something else is there instead of a file", { kind: "not-a-file" }],
  ["a: it has 3 bytes, expected 4", { kind: "size-differs", sizeBytes: 3, expectedBytes: 4 }],
  ["a: it has 3 bytes", { kind: "size-differs", sizeBytes: 3, expectedBytes: undefined }],
  [
    "a: the sha256 digest is 0a, expected 1b",
    { kind: "digest-differs", algorithm: "sha256", found: "0a", expected: "1b" },
  ],
  ["a: no digest is listed to check its bytes by", { kind: "no-digest" }],
  ["a: cannot be read: EIO", { kind: "unreadable", reason: "EIO" }],
  ["a: invalid signature", { kind: "signature-refused", reason: "invalid signature" }],
  ["a: it does not say what InRelease says", { kind: "differs-from-inrelease" }],
])("says: %s", (text, problem) => {
  expect(problemText("a", problem)).toBe(text);
});

test.each<[LeftReason, string, string]>([
  [
    { kind: "bytes-refused", reason: "wrong", digest: "sha256 0a" },
    "wrong",
    "Put a copy from a backup in its place (sha256 0a)",
  ],
  [
    { kind: "lost", status: 404, url: "http://a/", digest: undefined },
    "(404 at http://a/)",
    "in its place, and repair again",
  ],
  [{ kind: "failed", reason: "refused", hint: "Wait." }, "refused", "Wait."],
  [
    { kind: "failed", reason: "refused", hint: undefined },
    "refused",
    "Repair again when upstream can be reached.",
  ],
  [{ kind: "disk-full", reason: "ENOSPC" }, "ENOSPC", "free space"],
  [{ kind: "denied", reason: "EACCES" }, "EACCES", "as the user that owns the trees"],
  [{ kind: "disk-fault", reason: "EIO" }, "EIO", "Check the disk"],
  [{ kind: "in-the-way" }, "leaves it alone", "Move it away"],
  [{ kind: "not-ours" }, "its record in .meta is lost", "give its name"],
  [{ kind: "release-lost", date: undefined }, "was not recorded", "promote a snapshot"],
  [{ kind: "release-lost", date: "2026-05-01" }, "the Release of 2026-05-01", "promote a snapshot"],
])("says of %j why and what to do", (left, reason, todo) => {
  expect(leftText(left)).toEqual({
    reason: expect.stringContaining(reason),
    todo: expect.stringContaining(todo),
  });
});

test.each<[string, TreeFault]>([
  ["there is no Release in it", { kind: "no-release" }],
  ["it cannot be read: EIO", { kind: "unreadable", reason: "EIO" }],
  [
    "a: unknown key\nFetch it.",
    { kind: "signature-refused", path: "a", reason: "unknown key", hint: "Fetch it." },
  ],
  ["a: unknown key", { kind: "signature-refused", path: "a", reason: "unknown key", hint: undefined }],
  ["Packages:3: broken", { kind: "metadata-refused", reason: "Packages:3: broken" }],
])("says of a tree: %s", (text, fault) => {
  expect(faultText(fault)).toBe(text);
});

test.each<[string, TreeRemark]>([
  [
    "a: it has no Release that can be trusted, so that its files were not checked",
    { kind: "suite-unchecked", suite: "a" },
  ],
  [
    "a: every form of it is damaged, so that the files it lists were not checked",
    { kind: "index-unchecked", path: "a" },
  ],
  ["a: expired; it was good when it was mirrored", { kind: "expired-since", path: "a", reason: "expired" }],
  [
    "a: the Release has expired (Valid-Until 2026-05-01T00:00:00.000Z); clients refuse it",
    { kind: "release-expired", suite: "a", validUntil: new Date("2026-05-01T00:00:00Z") },
  ],
  ["1 file that upstream lacked when this was mirrored: a", { kind: "files-lacked", files: 1, names: ["a"] }],
  [
    "4 files left out by filters: a, b, c, …",
    { kind: "files-filtered", files: 4, names: ["a", "b", "c", "d"] },
  ],
  [
    "1 file listed under a path that is not UTF-8, and left out: a 1.0",
    { kind: "packages-unnamed", files: 1, names: ["a 1.0"] },
  ],
  ["1 file that nothing in it lists: README", { kind: "files-unlisted", files: 1, names: ["README"] }],
])("remarks: %s", (text, remark) => {
  expect(treeRemarkText(remark)).toBe(text);
});
