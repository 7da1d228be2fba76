import { createHash } from "node:crypto";
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../../test/support/index.ts";
import { inodeIfAny } from "../../../platform/look.ts";
import type { MirrorNews } from "../../../report/events.ts";
import { normalizePath } from "../../../repository/index.ts";
import { InodeDigests } from "./inode-digests.ts";
import { type FoundFile, readFiles } from "./read-files.ts";
import type { OpenTree } from "./tree.ts";

const digestOf = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest("hex");

const textOf = (index: number): string => `bytes ${index} `.repeat(index);

const indices = Array.from({ length: 500 }, (_, index) => index);
const pathOf = (index: number) => normalizePath(`pool/${index % 7}/${index}.deb`);

/** Every fiftieth file is another name of one before. */
const originalOf = (index: number): number => (index % 50 === 49 ? index - 49 : index);

const wrongSha1 = "0".repeat(40);

/** Reads a tree of 500 files, of which some are damaged, removed, listed wrongly, or names of another. */
async function readTree(threads: number, filesAtOnce: number) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.path;
  const tree: OpenTree = {
    name: "one",
    path,
    isWorkingMirror: false,
    isOurs: true,
    madeAt: new Date(0),
    generation: undefined,
    facts: undefined,
    releases: new Map(),
    carried: new Map(),
  };
  for (const index of indices) {
    const absolute = directory.join(pathOf(index));
    mkdirSync(dirname(absolute), { recursive: true });
    const original = originalOf(index);
    if (original === index) writeFileSync(absolute, index === 123 ? "wrong" : textOf(index));
    else linkSync(directory.join(pathOf(original)), absolute);
  }
  const files = indices.map((index): FoundFile => {
    const inode = inodeIfAny(directory.join(pathOf(index)));
    if (inode === undefined) throw new Error(`${pathOf(index)} is missing`);
    const text = textOf(originalOf(index));
    const digests = { sha256: digestOf("sha256", text) };
    const sha1 = index === 321 ? wrongSha1 : digestOf("sha1", text);
    const file = { path: pathOf(index), sizeBytes: inode.sizeBytes, digests };
    return { file, inode, listings: [{ source: "Packages", digests: { ...digests, sha1 } }] };
  });
  // Removed between the look and the reading. Another name of the first one can still be read.
  for (const index of [100, 101]) rmSync(directory.join(pathOf(index)));
  const { signal } = new AbortController();
  const events: MirrorNews[] = [];
  const emit = (event: MirrorNews): void => void events.push(event);
  const digests = new InodeDigests(signal, () => undefined, { threads });
  const { damages, contradictions } = await readFiles({ signal, emit, digests }, tree, files, filesAtOnce);
  const problems = damages.map(({ file, problem }) => [
    file.path,
    problem.kind === "unreadable" ? problem.reason.slice(0, 6) : problem.kind,
  ]);
  return { problems, contradictions, events, readBytes: digests.readBytes };
}

describe.each([
  [0, 1_000],
  [1, 1_000],
  [2, 1_000],
  [5, 1_000],
  [0, 7],
  [2, 40],
  [2, 499],
])("with %i threads, %i files at once", (threads, filesAtOnce) => {
  test("finds the same, in the order of the files", async () => {
    const { problems, contradictions, events, readBytes } = await readTree(threads, filesAtOnce);
    expect(problems).toEqual([
      ["pool/2/100.deb", "ENOENT"],
      ["pool/3/101.deb", "ENOENT"],
      ["pool/4/123.deb", "digest-differs"],
    ]);
    expect(contradictions).toEqual([
      {
        path: "pool/6/321.deb",
        source: "Packages",
        algorithm: "sha1",
        listed: wrongSha1,
        found: digestOf("sha1", textOf(321)),
      },
    ]);
    // Each inode once. The other name of 100 is read in its place; 101 has none.
    const read = indices.filter((index) => index % 50 !== 49 && index !== 101);
    const sizes = read.map((index) => (index === 123 ? 5 : textOf(index).length));
    expect(readBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(events[0]).toMatchObject({ type: "reading-planned", files: 490 });
    expect(events.filter(({ type }) => type === "file-read")).toHaveLength(490);
    expect(events.at(-1)).toEqual({ type: "reading-ended" });
  });
});
