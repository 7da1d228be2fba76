import { describe, expect, test } from "vitest";
import { hasStrongDigest, mergeDigests, parseDigest, parseSha256, sameDigests } from "./digests.ts";

const sha256 = "0123456789abcdef".repeat(4);
const sha512 = "cd".repeat(64);
const md5 = "ef".repeat(16);

describe("reading a digest", () => {
  test("accepts upper-case digits as the same digest", () => {
    expect(parseSha256(sha256.toUpperCase())).toBe(sha256);
  });

  test.each([
    ["md5", sha256],
    ["sha256", ""],
    ["sha256", sha256.slice(1)],
    ["sha256", `${sha256}0`],
    ["sha256", `g${sha256.slice(1)}`],
    ["sha1", ` ${"0".repeat(39)}`],
    ["sha256", "\uff41".repeat(64)], // a wide "a", the low byte of which is an "A"
    ["sha256", `${"0".repeat(62)}\u0130`], // two characters in lower case
  ] as const)("%s refuses %j", (algorithm, text) => {
    expect(() => parseDigest(algorithm, text)).toThrow(expect.objectContaining({ code: "DIGEST_MALFORMED" }));
  });
});

test.each([
  [{ sha256 }, true],
  [{ sha512 }, true],
  [{ md5, sha1: "0".repeat(40) }, false],
  [{}, false],
])("%j is strong: %s", (digests, strong) => {
  expect(hasStrongDigest(digests)).toBe(strong);
});

describe("merging the digests of two lists", () => {
  test("unites lists that agree", () => {
    expect(mergeDigests({ sha256 }, { sha256, md5 })).toEqual({ sha256, md5 });
    expect(mergeDigests({ sha256 }, { sha512 })).toEqual({ sha256, sha512 });
  });

  test("returns the same object if nothing is new", () => {
    const held = { sha256, md5 };
    expect(mergeDigests(held, { md5 })).toBe(held);
  });

  test("refuses a contradiction, even of a weak digest beside an equal strong one", () => {
    expect(mergeDigests({ sha256, md5 }, { sha256, md5: "0".repeat(32) })).toBeUndefined();
  });
});

test("digests are the same only if both lists have them", () => {
  expect(sameDigests({ sha256, md5 }, { md5, sha256 })).toBe(true);
  expect(sameDigests({ sha256, md5 }, { sha256 })).toBe(false);
  expect(sameDigests({ sha256 }, { sha256, md5 })).toBe(false);
  expect(sameDigests({ md5 }, { md5: "0".repeat(32) })).toBe(false);
});
