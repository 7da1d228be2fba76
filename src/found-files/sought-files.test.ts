import { describe, expect, test } from "vitest";
import { digestsOf } from "../platform/running-digests.ts";
import { type ListedFile, normalizePath } from "../repository/index.ts";
import { SoughtFiles } from "./sought-files.ts";

const listed = (path: string, sizeBytes: number | undefined, content = path): ListedFile => ({
  path: normalizePath(path),
  sizeBytes,
  digests: { sha256: digestsOf(Buffer.from(content)).sha256 },
});

/** Returns what each sought content may be, and the files of other names. */
function candidates(files: readonly ListedFile[], found: readonly (readonly [string, number])[]) {
  const sought = new SoughtFiles(files);
  for (const [path, sizeBytes] of found) sought.note({ path, sizeBytes, device: 1 });
  return {
    named: [...sought.contents].map(({ named }) => named.map(({ path }) => path)),
    unnamed: (sizeBytes: number) => sought.unnamed(sizeBytes).map(({ path }) => path),
    contents: [...sought.contents],
  };
}

const a = listed("pool/main/a/a_1_amd64.deb", 10);

describe("a found file", () => {
  test("of the size and the name is a candidate, that of the likeliest path first", () => {
    const { named } = candidates(
      [a],
      [
        ["/old/a_1_amd64.deb", 10],
        ["/old/debian/pool/main/a/a_1_amd64.deb", 10],
        ["/old/pool/contrib/a/a_1_amd64.deb", 10],
      ],
    );
    expect(named).toEqual([
      ["/old/debian/pool/main/a/a_1_amd64.deb", "/old/pool/contrib/a/a_1_amd64.deb", "/old/a_1_amd64.deb"],
    ]);
  });

  test("of another size is none", () => {
    const { named, unnamed } = candidates([a], [["/old/pool/main/a/a_1_amd64.deb", 11]]);
    expect(named).toEqual([[]]);
    expect(unnamed(11)).toEqual([]);
  });

  test("in the pool of aptly is known by what follows a part of its digest", () => {
    const path = "/aptly/pool/01/23/456789abcdef0123456789abcdef_a_1_amd64.deb";
    expect(candidates([a], [[path, 10]]).named).toEqual([[path]]);
  });

  test("of the size and another name is kept for later", () => {
    const found = [
      ["/old/nameless", 10],
      ["/old/other", 12],
    ] as const;
    const { named, unnamed } = candidates([a], found);
    expect(named).toEqual([[]]);
    expect(unnamed(10)).toEqual(["/old/nameless"]);
    expect(unnamed(12)).toEqual([]);
  });
});

test("files of the same bytes are sought once, by any of their names", () => {
  const other = listed("pool/b_1_amd64.deb", 10, a.path);
  const { named, contents } = candidates([a, other], [["/old/b_1_amd64.deb", 10]]);
  expect(contents.map(({ files }) => files)).toEqual([[a, other]]);
  expect(named).toEqual([["/old/b_1_amd64.deb"]]);
});

test("a file that is listed without a size is found by its name", () => {
  const image = listed("dists/stable/main/mini.iso", undefined);
  const found = [
    ["/old/mini.iso", 1],
    ["/old/maxi.iso", 1],
  ] as const;
  expect(candidates([image], found).named).toEqual([["/old/mini.iso"]]);
});

test("a file without a digest is not sought", () => {
  expect(candidates([{ ...a, digests: {} }], [["/old/a_1_amd64.deb", 10]]).named).toEqual([]);
});

test("of a hundred copies of a tree, only some are kept", () => {
  const copies = Array.from({ length: 100 }, (_, number) => [`/${number}/a_1_amd64.deb`, 10] as const);
  const best = ["/old/pool/main/a/a_1_amd64.deb", 10] as const;
  const [named = []] = candidates([a], [...copies, best]).named;
  expect(named).toHaveLength(16);
  expect(named[0]).toBe(best[0]);
});
