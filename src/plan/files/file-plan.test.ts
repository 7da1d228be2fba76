import { describe, expect, test } from "vitest";
import { type Digests, normalizePath } from "../../repository/index.ts";
import { FilePlan } from "./file-plan.ts";

const md5 = "1".repeat(32);
const sha256 = "3".repeat(64);
const sha512 = "4".repeat(128);
const file = (path: string, sizeBytes: number | undefined, digests: Digests) => ({
  path: normalizePath(path),
  sizeBytes,
  digests,
});

describe("a plan of files", () => {
  test("holds each path once, with the digests that decide and every listing", () => {
    const plan = new FilePlan([]);
    plan.add(file("pool/a.deb", 10, { sha256, md5 }), "binary-amd64");
    plan.add(file("pool/b.deb", 5, { sha512, md5 }), "binary-amd64");
    plan.add(file("pool/c.deb", 5, { md5 }), "binary-amd64");
    plan.add(file("pool/a.deb", 10, { sha256, md5 }), "binary-all");
    plan.add(file("pool/a.deb", 10, { sha256, sha512 }), "binary-i386");
    plan.add(file("pool/a.deb", 10, { sha256, sha512 }), "binary-armhf");
    const files = [...plan.files()];
    expect(files.map(({ path, sizeBytes, digests, source }) => [path, sizeBytes, digests, source])).toEqual([
      ["pool/a.deb", 10, { sha256 }, "binary-amd64"],
      ["pool/b.deb", 5, { sha512 }, "binary-amd64"],
      ["pool/c.deb", 5, { md5 }, "binary-amd64"],
    ]);
    expect(files.map((one) => plan.listingsOf(one))).toEqual([
      [
        { source: "binary-amd64", digests: { sha256, md5 } },
        { source: "binary-i386", digests: { sha256, sha512 } },
      ],
      [{ source: "binary-amd64", digests: { sha512, md5 } }],
      [{ source: "binary-amd64", digests: { md5 } }],
    ]);
    expect([plan.count, plan.sizeBytes]).toEqual([3, 20]);
  });

  test("accepts contradicting weak digests beside one SHA-256", () => {
    const plan = new FilePlan([]);
    plan.add(file("pool/a.deb", 10, { sha256, md5 }), "binary-amd64");
    plan.add(file("pool/a.deb", 10, { sha256, md5: "0".repeat(32) }), "binary-i386");
    expect([...plan.files()].map(({ digests }) => digests)).toEqual([{ sha256 }]);
  });

  test("lets SHA-256 of one index and SHA-512 of another decide together", () => {
    const plan = new FilePlan([]);
    plan.add(file("pool/a.deb", 10, { sha256 }), "binary-amd64");
    plan.add(file("pool/a.deb", 10, { sha512 }), "binary-i386");
    expect([...plan.files()].map(({ digests }) => digests)).toEqual([{ sha256, sha512 }]);
  });

  test("holds files without a size, which do not count in the sum", () => {
    const plan = new FilePlan([]);
    plan.add(file("images/mini.iso", undefined, { sha256 }), "SHA256SUMS");
    plan.add(file("pool/a.deb", 10, { sha256 }), "main");
    plan.add(file("images/mini.iso", undefined, { sha256 }), "SHA256SUMS");
    expect([plan.count, plan.sizeBytes]).toEqual([2, 10]);
  });

  test("accepts two paths with one content, and two that differ only in case", () => {
    const plan = new FilePlan([]);
    for (const path of ["a.deb", "A.deb", "b/a.deb"]) plan.add(file(path, 1, { sha256 }), "main");
    expect(plan.count).toBe(3);
  });

  test.each([
    ["size", file("pool/a.deb", 11, { sha256 }), /with 10 bytes and with 11 bytes$/],
    ["size, or none", file("pool/a.deb", undefined, { sha256 }), /with 10 bytes and with no size$/],
    ["digest", file("pool/a.deb", 10, { sha256: "4".repeat(64) }), /different digests$/],
  ])("refuses one path with another %s, naming both indices", (_, other, message) => {
    const plan = new FilePlan([]);
    plan.add(file("pool/a.deb", 10, { sha256, md5 }), "noble/main/Packages");
    expect(() => plan.add(other, "noble-updates/main/Packages")).toThrow(
      expect.objectContaining({
        code: "PATH_CONFLICT",
        message: expect.stringMatching(message),
        facts: { path: "pool/a.deb", sources: ["noble/main/Packages", "noble-updates/main/Packages"] },
      }),
    );
  });
});

test.each([".htaccess", "pool/.htaccess", "pool/.htpasswd", "pool/main/.user.ini"])(
  "refuses %s, with which an upstream would configure a web server",
  (path) => {
    const plan = new FilePlan([]);
    expect(() => plan.add(file(path, 10, { sha256 }), "main/Packages")).toThrow(
      expect.objectContaining({
        code: "PATH_UNSAFE",
        message: `${path}: main/Packages lists a file that configures a web server`,
      }),
    );
  },
);

test.each(["pool/.hidden.deb", "pool/x.htaccess", "pool/htaccess", "pool/user.ini"])("accepts %s", (path) => {
  const plan = new FilePlan([]);
  plan.add(file(path, 10, { sha256 }), "main/Packages");
  expect(plan.count).toBe(1);
});
