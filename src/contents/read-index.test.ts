import { expect, test } from "vitest";
import { digestsOf } from "../platform/running-digests.ts";
import { type Digests, normalizePath, Suite } from "../repository/index.ts";
import { holdIndex } from "./held-index.ts";
import { readIndex } from "./read-index.ts";
import type { TreeFiles } from "./tree-files.ts";

const text = "Package: a\n";
const name = normalizePath("main/binary-amd64/Packages");

interface Listed {
  readonly sizeBytes?: number;
  readonly digests?: Digests;
}

/** Reads an index whose compressed forms have the bytes of `text`, and decompress to them. */
async function read(
  plain: Listed | undefined,
  { missing = [], ...tree }: Partial<TreeFiles> & { readonly missing?: readonly string[] } = {},
): Promise<string> {
  const entryOf = (suffix: string, sizeBytes: number, digests: Digests) => ({
    name: normalizePath(name + suffix),
    sizeBytes,
    digests,
  });
  const form = (compression: "gz" | "xz") => ({
    compression,
    entry: entryOf(`.${compression}`, text.length, digestsOf(Buffer.from(text))),
    path: normalizePath(`dists/stable/${name}.${compression}`),
  });
  const { sizeBytes = text.length, digests = digestsOf(Buffer.from(text)) } = plain ?? {};
  const wanted = {
    name,
    kind: "packages",
    section: "main",
    architecture: "amd64",
    required: true,
    plain: plain && entryOf("", sizeBytes, digests),
    compressed: [],
    malformed: [],
  } as const;
  const index = holdIndex(new Suite("stable"), wanted, [form("gz"), form("xz")]);
  if (index === undefined) throw new Error("no form");
  const files: TreeFiles = {
    has: () => true,
    read: () => undefined,
    async *decompress() {
      yield Buffer.from(text);
    },
    missingProgram: (compression) => (missing.includes(compression) ? `un${compression}` : undefined),
    ...tree,
  };
  return Buffer.concat(await Array.fromAsync(readIndex(files, index))).toString();
}

test("returns the decompressed bytes that Release lists", async () => {
  expect(await read({})).toBe(text);
});

test.each([
  ["size", { sizeBytes: 12 }, "SIZE_MISMATCH"],
  ["SHA-256", { digests: { sha256: "1".repeat(64) } }, "DIGEST_MISMATCH"],
  [
    "weak digest beside the right SHA-256",
    { digests: { ...digestsOf(Buffer.from(text)), md5: "1".repeat(32) } },
    "DIGEST_MISMATCH",
  ],
])("refuses decompressed bytes with another %s than Release lists", async (_, plain, code) => {
  await expect(read(plain)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/^dists\/stable\/main\/binary-amd64\/Packages\.gz, decompressed: /),
  });
});

test.each([
  ["by the listed size of the uncompressed form", { sizeBytes: 12_345 }, 12_345],
  ["to 16 MiB, if a small compressed form is listed alone", undefined, 16 * 2 ** 20],
])("limits the decompression %s", async (_, plain, expected) => {
  const limits: number[] = [];
  const decompress: TreeFiles["decompress"] = async function* (_path, _compression, bytesMax) {
    limits.push(bytesMax);
    yield Buffer.from(text);
  };
  await read(plain, { decompress }).catch(() => undefined);
  expect(limits.at(-1)).toBe(expected);
});

test("reads the first form for which no program is missing", async () => {
  const paths: string[] = [];
  const decompress: TreeFiles["decompress"] = async function* (path) {
    paths.push(path);
    yield Buffer.from(text);
  };
  await read({}, { decompress, missing: ["gz"] });
  expect(paths).toEqual([`dists/stable/${name}.xz`]);
});

test("names the missing programs if no form can be read", async () => {
  await expect(read({}, { missing: ["gz", "xz"] })).rejects.toMatchObject({
    code: "INDEX_UNREADABLE",
    message: expect.stringContaining(
      "exists only as gz and xz, which mirrorctl reads where ungz or unxz is installed",
    ),
  });
});

test("does not read an index that is listed as empty, like apt", async () => {
  const reads: string[] = [];
  const decompress: TreeFiles["decompress"] = async function* (path) {
    reads.push(path);
    yield Buffer.from(text);
  };
  expect([await read({ sizeBytes: 0 }, { decompress }), reads]).toEqual(["", []]);
});
