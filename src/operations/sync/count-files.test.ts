import { linkSync, writeFileSync } from "node:fs";
import { array, assert, constantFrom, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { differenceOf, FilePlan, type HeldFile } from "../../plan/index.ts";
import { normalizePath, parseSha256 } from "../../repository/index.ts";
import { countFiles } from "./count-files.ts";

/** Few paths and fewer contents, so that contents move, and have several paths. */
const file = record({
  path: constantFrom("pool/a.deb", "pool/b.deb", "pool/c.udeb", "pool/d.dsc", "pool/by-hash/e.deb"),
  content: constantFrom(1, 2, 3),
});
const tree = uniqueArray(file, { selector: ({ path }) => path });

interface Content {
  readonly path: string;
  readonly content: number;
}

function planOf(files: readonly Content[]): FilePlan {
  const plan = new FilePlan([]);
  for (const { path, content } of files) {
    const sha256 = parseSha256(String(content).repeat(64));
    plan.add({ path: normalizePath(path), sizeBytes: content * 10, digests: { sha256 } }, "an index");
  }
  return plan;
}

const shown = (plan: FilePlan) => ({
  generation: { name: "tree", path: "/nowhere" },
  metadata: [],
  plan,
  listings: undefined,
  lacking: new Set<string>(),
});

test("bytes count once that one index lists by SHA-256 and another by SHA-512 alone", async () => {
  await using directory = await temporaryDirectory();
  writeFileSync(directory.join("a.deb"), "bytes");
  linkSync(directory.join("a.deb"), directory.join("b.deb"));
  const plan = new FilePlan([]);
  const digests = { "a.deb": { sha256: "1".repeat(64) }, "b.deb": { sha512: "1".repeat(128) } };
  for (const [path, listed] of Object.entries(digests))
    plan.add({ path: normalizePath(path), sizeBytes: 5, digests: listed }, "an index");
  const mixed = { ...shown(plan), generation: { name: "tree", path: directory.path } };
  expect(countFiles(mixed, undefined)).toEqual({
    counts: { files: 2, packages: 2, sizeBytes: 5 },
    listed: undefined,
  });
});

test("trees are counted by their differences as they are one by one", () => {
  assert(
    property(array(tree, { minLength: 2, maxLength: 5 }), (trees) => {
      const [first, ...later] = trees.map(planOf);
      let before = first ?? new FilePlan([]);
      let { listed } = countFiles(shown(before), undefined);
      for (const plan of later) {
        const held = [...before.files()].map(
          ({ path, sizeBytes, digests: { sha256 } }) => ({ path, sizeBytes, sha256 }) as HeldFile,
        );
        const list = { listing: { counts: listed } };
        const update = { list, ...differenceOf(held, plan) };
        const counted = countFiles(shown(plan), update);
        expect(counted).toEqual(countFiles(shown(plan), undefined));
        ({ listed } = counted);
        before = plan;
      }
    }),
  );
});
