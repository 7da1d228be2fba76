import { describe, expect, test } from "vitest";
import { normalizePath } from "../../repository/index.ts";
import { byHashPaths } from "./index-forms.ts";
import { releaseOf, select } from "./select-indices.fixture.ts";

describe("the forms of an index", () => {
  test("are sorted by speed of decoding, with the uncompressed one apart", () => {
    const suffixes = ["", ".xz", ".lz4", ".bz2", ".lzma", ".gz", ".zst"];
    const names = suffixes.map((suffix) => `main/binary-amd64/Packages${suffix}`);
    const [index] = select(names).indices;
    expect(index?.plain).toEqual(releaseOf(names).files.get("main/binary-amd64/Packages"));
    expect(index?.compressed.map(({ compression, entry }) => [compression, entry.name])).toEqual(
      ["zst", "gz", "xz", "bz2", "lzma", "lz4"].map((suffix) => [
        suffix,
        `main/binary-amd64/Packages.${suffix}`,
      ]),
    );
  });

  test("may be only one", () => {
    const [plain, packed] = select(["main/binary-amd64/Packages", "main/i18n/Translation-de.bz2"]).indices;
    expect([plain?.plain?.name, plain?.compressed]).toEqual(["main/binary-amd64/Packages", []]);
    expect([packed?.plain, packed?.compressed.map(({ compression }) => compression)]).toEqual([
      undefined,
      ["bz2"],
    ]);
  });
});

const md5 = "1".repeat(32);
const sha1 = "2".repeat(40);
const sha256 = "3".repeat(64);
const sha512 = "4".repeat(128);
const entry = (name: string, digests: object) => ({ name: normalizePath(name), sizeBytes: 1, digests });

describe("the names by digest", () => {
  test("are one for each listed algorithm, strongest first", () => {
    expect(byHashPaths(entry("main/binary-amd64/Packages.xz", { md5, sha1, sha256, sha512 }))).toEqual([
      `main/binary-amd64/by-hash/SHA512/${sha512}`,
      `main/binary-amd64/by-hash/SHA256/${sha256}`,
      `main/binary-amd64/by-hash/SHA1/${sha1}`,
      `main/binary-amd64/by-hash/MD5Sum/${md5}`,
    ]);
  });

  test("are beside a file at the top too", () => {
    expect(byHashPaths(entry("Packages", { sha256 }))).toEqual([`by-hash/SHA256/${sha256}`]);
  });
});
