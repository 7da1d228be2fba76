import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { expandPath, parseAbsolutePath, parseFilePath } from "./paths.ts";

const base = { homeDir: "/home/admin", configDir: "/etc/mirrorctl" };

test.each(["/", "//", "/a/..", "", "a", "./a", "../a", "~a", "~a/b", "/a\0b"])(
  "%j is not a base directory",
  (text) => {
    expect(() => parseAbsolutePath(text)).toThrow(ConfigError);
  },
);

test.each(["", "~root/key.asc", "a\0b"])("%j is not the path of a file", (text) => {
  expect(() => parseFilePath(text)).toThrow(ConfigError);
});

describe("expandPath", () => {
  test.each([
    ["/a/b/", "/a/b"],
    ["/a/./b/../c", "/a/c"],
    ["~", "/home/admin"],
    ["~/", "/home/admin"],
    ["~/a", "/home/admin/a"],
    ["~//a", "/home/admin/a"],
    ["keys/a.asc", "/etc/mirrorctl/keys/a.asc"],
    ["../a", "/etc/a"],
    ["a~b", "/etc/mirrorctl/a~b"],
  ])("%s leads to %s", (text, expected) => {
    expect(expandPath(text, base)).toBe(expected);
  });
});
