import { expect, test } from "vitest";
import { normalizePath } from "../../../repository/index.ts";
import type { OpenTree } from "../checks/findings.ts";
import { namesToReplace } from "./names-to-replace.ts";

const path = normalizePath("dists/stable/main/binary-amd64/Packages.xz");
const sha256 = "ab".repeat(32);
const file = { path, sizeBytes: 3, digests: { sha256 } };
const tree = { path: "/snapshots/m/one" } as OpenTree;
const broken = {
  file,
  sources: [path],
  names: [{ tree, damage: { problem: "", file, sources: [path], inode: undefined } }],
};

const place = (name: string, where = "/snapshots/m/two", isOurs = true) => ({
  tree: where,
  path: name,
  isOwn: false,
  isOurs,
});
const found = place(path, tree.path);
const same = place(path);
const byHash = place(`dists/stable/main/binary-amd64/by-hash/SHA256/${sha256}`);
const moved = place("other/Packages.xz", "/trees/flat/1");
const renamed = place("pool/x.deb");
const foreign = place(path, "/snapshots/m/theirs", false);
const all = [found, same, byHash, moved, renamed, foreign];

test.each([
  [
    "the store named it: they all were given it as what it should be",
    { wasNamed: true, isAnother: false },
    [found, same, byHash, moved, renamed],
    [foreign],
  ],
  [
    "nothing is known of it: those that are called so",
    { wasNamed: false, isAnother: false },
    [found, same, byHash, moved],
    [renamed, foreign],
  ],
  [
    "it is a good file in a wrong place: only where it was found",
    { wasNamed: false, isAnother: true },
    [found],
    [],
  ],
])("names of a damaged file, where %s", (_, evidence, replaced, doubtful) => {
  expect(namesToReplace(broken, all, evidence)).toEqual({ replaced, doubtful });
});
