import { describe, expect, test } from "vitest";
import type { Inode } from "../../../platform/look.ts";
import { normalizePath } from "../../../repository/index.ts";
import type { VerifiableTree } from "../checks/tree.ts";
import type { DamagedContent } from "./damaged-content.ts";
import { planRepairs } from "./plan-repairs.ts";
import type { DamagedFile, NameInTree } from "./survey-trees.ts";

const path = normalizePath("dists/stable/main/binary-amd64/Packages.xz");
const sha256 = "ab".repeat(32);
const file = { path, sizeBytes: 3, digests: { sha256 } };
const inode: Inode = { id: "1:42:0", version: "1:42:1", isFile: true, sizeBytes: 3, names: 6 };
const tree: VerifiableTree = {
  name: "one",
  path: "/snapshots/m/one",
  isWorkingMirror: false,
  isOurs: true,
  madeAt: new Date(0),
  generation: undefined,
  facts: undefined,
  releases: new Map(),
};
const content: DamagedContent = {
  file,
  sources: [path],
  damages: [{ tree, problem: { kind: "not-a-file" }, file, sources: [path], inode }],
};

const nameIn = (where: string, name: string, isOurs = true): NameInTree => ({
  tree: where,
  path: name,
  isOwn: false,
  isOurs,
});
const found = nameIn(tree.path, path);
const same = nameIn("/snapshots/m/two", path);
const byHash = nameIn("/snapshots/m/two", `dists/stable/main/binary-amd64/by-hash/SHA256/${sha256}`);
const moved = nameIn("/trees/flat/1", "other/Packages.xz");
const renamed = nameIn("/snapshots/m/two", "pool/x.deb");
const foreign = nameIn("/snapshots/m/theirs", path, false);
const names = [found, same, byHash, moved, renamed, foreign];

function plan(damagedFile: Partial<DamagedFile> | undefined) {
  const usual: DamagedFile = { inode, names, namesElsewhere: 0, wasNamed: false, isAnother: false };
  const damagedFiles = damagedFile === undefined ? [] : [{ ...usual, ...damagedFile }];
  const [repair] = planRepairs([{ ...content, candidates: ["/trees/m/1/a"], damagedFiles }], "/www");
  return repair;
}

const own = { ...found, isOwn: true };
const leftAlone = (name: NameInTree) => ({
  type: "shared-name-left",
  path: `${name.tree}/${name.path}`,
  damaged: path,
});

describe("names of a damaged file", () => {
  test("all get the right bytes if the store had named the file as them", () => {
    const repair = plan({ wasNamed: true });
    expect(repair?.targets).toEqual([own, same, byHash, moved, renamed]);
    expect(repair?.leftAlone).toEqual([leftAlone(foreign)]);
  });

  test("get the right bytes if they are usual for them, when nothing else is known", () => {
    const repair = plan({});
    expect(repair?.targets).toEqual([own, same, byHash, moved]);
    expect(repair?.leftAlone).toEqual([leftAlone(renamed), leftAlone(foreign)]);
  });

  test("are left, except for the damaged one, if it is a good file in a wrong place", () => {
    const repair = plan({ isAnother: true, namesElsewhere: 2 });
    expect(repair?.targets).toEqual([own]);
    expect(repair?.leftAlone).toEqual([]);
  });

  test("outside the trees are left, with what it takes to find them", () => {
    expect(plan({ names: [found], namesElsewhere: 2 })?.leftAlone).toEqual([
      { type: "names-elsewhere", path, names: 2, dir: "/www", inode: "42" },
    ]);
  });
});

test("a missing file is repaired under the name that is missing", () => {
  expect(plan(undefined)).toMatchObject({ candidates: ["/trees/m/1/a"], targets: [own], leftAlone: [] });
});
