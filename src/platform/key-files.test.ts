import { expect, test } from "vitest";
import { aptKeyPaths } from "./key-files.ts";

const pathsAmong = (names: readonly string[]): readonly string[] =>
  aptKeyPaths({ names: () => names, read: () => Buffer.alloc(0), mode: () => undefined });

test("the keys of apt are those of the three extensions", () => {
  expect(pathsAmong(["a.gpg", "b.asc", "c.pgp", "d.v1-x_y:z.gpg", "debian-archive-keyring.pgp"])).toEqual([
    "/etc/apt/trusted.gpg.d/a.gpg",
    "/etc/apt/trusted.gpg.d/b.asc",
    "/etc/apt/trusted.gpg.d/c.pgp",
    "/etc/apt/trusted.gpg.d/d.v1-x_y:z.gpg",
    "/etc/apt/trusted.gpg.d/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
  ]);
});

test.each([
  "vendor.gpg~",
  "vendor.asc~",
  "vendor.gpg.bak",
  "vendor.gpg.dpkg-old",
  "vendor.gpg.dpkg-dist",
  "vendor.gpg.save",
  "vendor.gpg.ucf-old",
  "vendor.gpg.1",
  ".vendor.gpg",
  ".vendor.gpg.swp",
  ".#vendor.gpg",
  "#vendor.gpg#",
  "vendor (copy).gpg",
  "vendor~.gpg",
  "vendor.GPG",
  "vendor",
  "vendor-archive-keyring",
  "vendor-archive-keyring.gpg~",
  "vendor-archive-keyring.bak",
  "vendor-archive-keyring.dpkg-old",
  "vendor-archive-keyring.gpg.old",
  ".vendor-archive-keyring.gpg",
])("%s is none of them", (name) => {
  expect(pathsAmong([name])).toEqual([]);
});
