import { digestsOf } from "../platform/running-digests.ts";
import { parseRelease, Suite } from "../repository/index.ts";
import { type ContentsReading, openContents, type SuiteContents } from "./contents.ts";
import { readHeldIndices } from "./expected-indices.ts";
import type { TreeFiles } from "./tree-files.ts";

/** A tree in memory, which notes each reading. Its texts are latin1. */
export interface MemoryTree extends TreeFiles {
  readonly reads: string[];
}

export function memoryTree(files: Readonly<Record<string, string>>): MemoryTree {
  const reads: string[] = [];
  const bytesOf = (path: string) =>
    files[path] === undefined ? undefined : Buffer.from(files[path], "latin1");
  return {
    reads,
    has: (path) => path in files,
    read: (path) => {
      reads.push(path);
      return bytesOf(path);
    },
    async *decompress(path) {
      reads.push(path);
      const bytes = bytesOf(path);
      if (bytes === undefined) throw new Error(`${path} is not there`);
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    },
    missingProgram: () => undefined,
  };
}

export const noFilters: ContentsReading = {
  filters: { keepVersions: 0, excludePatterns: [] },
  allowWeak: false,
};

/** The lines of a Release that lists these texts under these names. */
export function releaseText(indices: Readonly<Record<string, string>>, fields = ""): string {
  const lines = Object.entries(indices).map(
    ([name, text]) => ` ${digestsOf(Buffer.from(text, "latin1")).sha256} ${text.length} ${name}\n`,
  );
  return `${fields}SHA256:\n${lines.join("")}`;
}

/** A tree of suites, each with the text of its indices by name. */
export function treeOf(
  suites: Readonly<Record<string, Readonly<Record<string, string>>>>,
  { fields = "", ...others }: { readonly fields?: string } & Readonly<Record<string, string>> = {},
): MemoryTree {
  const files: Record<string, string> = { ...others };
  for (const [name, indices] of Object.entries(suites)) {
    const { root } = new Suite(name);
    const prefix = root === "" ? "" : `${root}/`;
    files[`${prefix}InRelease`] = releaseText(indices, fields);
    for (const [index, text] of Object.entries(indices)) files[prefix + index] = text;
  }
  return memoryTree(files);
}

/** Opens the suites of a tree that `treeOf` made. */
export function openTree(tree: MemoryTree, names: readonly string[], reading: ContentsReading = noFilters) {
  const suites = names.map((name): SuiteContents => {
    const suite = new Suite(name);
    const release = parseRelease(String(tree.read(suite.path("InRelease"))), name);
    return { suite, release, indices: readHeldIndices(tree, { suite, release }, undefined) };
  });
  tree.reads.length = 0;
  return openContents(tree, suites, reading);
}

/** A stanza of Packages with a file of its own. */
export const stanzaOf = (name: string, version: string, fields = ""): string =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nFilename: pool/${name}_${version}.deb\nSize: 7\nSHA256: ${digestsOf(Buffer.from(name + version)).sha256}\n${fields}\n`;
