import { describe, expect, test } from "vitest";
import { normalizePath } from "../repository/index.ts";
import { byHashPaths } from "./by-hash.ts";

const md5 = "1".repeat(32);
const sha1 = "2".repeat(40);
const sha256 = "3".repeat(64);
const sha512 = "4".repeat(128);
const entry = (name: string, digests: object) => ({ name: normalizePath(name), sizeBytes: 1, digests });

describe("by-hash", () => {
  test("has a name per listed algorithm, strongest first", () => {
    expect(byHashPaths(entry("main/binary-amd64/Packages.xz", { md5, sha1, sha256, sha512 }))).toEqual([
      `main/binary-amd64/by-hash/SHA512/${sha512}`,
      `main/binary-amd64/by-hash/SHA256/${sha256}`,
      `main/binary-amd64/by-hash/SHA1/${sha1}`,
      `main/binary-amd64/by-hash/MD5Sum/${md5}`,
    ]);
  });

  test("stands beside a file at the top too", () => {
    expect(byHashPaths(entry("Packages", { sha256 }))).toEqual([`by-hash/SHA256/${sha256}`]);
  });
});
