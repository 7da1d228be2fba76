import { describe, expect, test } from "vitest";
import type { Digests } from "../repository/index.ts";
import { checkDigests } from "./check-digests.ts";

const md5 = "a".repeat(32);
const sha256 = "b".repeat(64);
const sha512 = "c".repeat(128);
const check = (found: Digests, listed: Digests, sizeBytes = 7): void =>
  checkDigests(found, sizeBytes, { path: "main/Packages", sizeBytes: 7, digests: listed });

describe("a file", () => {
  test("is accepted if its size and every listed digest match", () => {
    expect(() => check({ md5, sha256, sha512 }, { md5, sha256 })).not.toThrow();
    expect(() => check({ md5 }, { md5 })).not.toThrow();
  });

  test.each<[string, Digests, Digests, string]>([
    ["the strong digest differs", { md5, sha256 }, { md5, sha256: "d".repeat(64) }, "DIGEST_MISMATCH"],
    ["only a weak digest differs", { md5, sha256 }, { md5: "d".repeat(32), sha256 }, "DIGEST_MISMATCH"],
    ["a listed digest was not computed", { sha256 }, { sha256, sha512 }, "DIGEST_MISMATCH"],
    ["no digest is listed", { sha256 }, {}, "DIGEST_MISSING"],
  ])("is refused if %s", (_case, found, listed, code) => {
    expect(() => check(found, listed)).toThrow(expect.objectContaining({ code }));
  });

  test.each([6, 8, 0])("is refused with %i bytes if 7 are listed", (sizeBytes) => {
    const error = {
      code: "SIZE_MISMATCH",
      message: `main/Packages: received ${sizeBytes} bytes, expected 7`,
    };
    expect(() => check({ sha256 }, { sha256 }, sizeBytes)).toThrow(expect.objectContaining(error));
  });

  test("names the file, the algorithm and both digests in the error", () => {
    expect(() => check({ sha256 }, { sha256: sha512.slice(64) })).toThrow(
      `main/Packages: the sha256 digest is ${sha256}, expected ${sha512.slice(64)}`,
    );
  });
});
