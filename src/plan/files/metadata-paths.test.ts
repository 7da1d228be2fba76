import { describe, expect, test } from "vitest";
import { type Digests, normalizePath, parseRelease, RepositoryError, Suite } from "../../repository/index.ts";
import { assertNoMetadata, type SuiteMetadata } from "./metadata-paths.ts";

const md5 = "1".repeat(32);
const sha256 = "3".repeat(64);
const packages = "main/binary-amd64/Packages";
const release = parseRelease(
  `MD5Sum:\n ${md5} 7 ${packages}\nSHA256:\n ${sha256} 7 ${packages}\n`,
  "Release",
);
const stable = { suite: new Suite("stable"), release };
const flat = { suite: new Suite("./"), release };

function outcomeOf(
  path: string,
  suite: SuiteMetadata = stable,
  listed: { sizeBytes?: number | undefined; digests?: Digests } = {},
): string {
  const file = { path: normalizePath(path), sizeBytes: 7, digests: { sha256 }, ...listed };
  try {
    assertNoMetadata(file, "Packages", [suite]);
    return "free";
  } catch (error) {
    return error instanceof RepositoryError ? error.code : String(error);
  }
}

describe("a package must not be", () => {
  test.each([
    "dists",
    "dists/stable",
    "dists/stable/InRelease",
    "dists/stable/Release",
    "dists/stable/Release.gpg",
    "dists/stable/Release/x",
    `dists/stable/by-hash/SHA256/${sha256}`,
    `dists/stable/main/binary-amd64/by-hash/MD5Sum/${md5}`,
  ])("at %s", (path) => expect(outcomeOf(path)).toBe("PATH_CONFLICT"));

  test.each([
    ["size", 8, { sha256 }],
    ["digest", 7, { sha256: "4".repeat(64) }],
    ["kind of digest, by which they cannot be compared", 7, { sha512: "5".repeat(128), md5 }],
  ] as const)("at the path of an index with another %s", (_, sizeBytes, digests) => {
    expect(outcomeOf(`dists/stable/${packages}`, stable, { sizeBytes, digests })).toBe("PATH_CONFLICT");
  });
});

test("a package must not be at a path that Release lists unreadably", () => {
  const malformed = parseRelease(`SHA256:\n x 7 ${packages}\n ${sha256} 7 other\n`, "Release");
  const suite = { suite: stable.suite, release: malformed };
  expect(outcomeOf(`dists/stable/${packages}`, suite)).toBe("PATH_CONFLICT");
});

describe("a package may be", () => {
  test.each([
    "pool/main/h/hello.deb",
    "Release",
    "dists/stable/pool/amd64/docker.deb",
    "dists/stable/main/Release",
    "dists/stable2/InRelease",
    "pool/by-hash/SHA256/x",
    "distsx",
  ])("at %s", (path) => expect(outcomeOf(path)).toBe("free"));

  test("at a path where Release lists the same bytes", () => {
    for (const sizeBytes of [7, undefined])
      expect(outcomeOf(`dists/stable/${packages}`, stable, { sizeBytes })).toBe("free");
    const digests = { sha256, md5: "2".repeat(32) }; // SHA-256 decides
    expect(outcomeOf(`dists/stable/${packages}`, stable, { digests })).toBe("free");
  });
});

test("the same holds for a flat suite at the base", () => {
  const paths = ["InRelease", "Release.gpg", "by-hash/SHA256/x", "x.deb", "amd64/InRelease"];
  const codes = paths.map((path) => outcomeOf(path, flat));
  expect(codes).toEqual(["PATH_CONFLICT", "PATH_CONFLICT", "PATH_CONFLICT", "free", "free"]);
});

test("names the index in the error", () => {
  const file = { path: normalizePath("dists/stable/InRelease"), sizeBytes: 7, digests: { sha256 } };
  expect(() => assertNoMetadata(file, "dists/stable/Packages", [stable])).toThrow(
    "dists/stable/InRelease: dists/stable/Packages lists a package at the path of signed metadata",
  );
});
