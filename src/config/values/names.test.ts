import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { parseMirrorId } from "../options/mirror-options.ts";
import {
  isFlatSuite,
  parseArchitecture,
  parseFingerprint,
  parseInstallName,
  parseLinkName,
  parsePackageGlob,
  parseSection,
  parseSuite,
} from "./names.ts";

const fingerprint = "F6ECB3762474EDA9D21B7022871920D1991BC93C";
const unsafe = [
  "",
  "..",
  "a/../b",
  "/a",
  "a//b",
  "a/./b",
  ".",
  "a b",
  "a\tb",
  "a\nb",
  "a\0b",
  "a\u007fb",
  "a\\b",
  "a".repeat(256),
];

describe.each([
  [
    "parseSuite",
    parseSuite,
    ["noble", "stable/updates", "/", "./", "binary/", "a/b/", "noble-updates", "7.1"],
    ["../", "//", "/a/", "././", "./a", "././a/", "./../a/", "$(ARCH)/", "stable-${CODENAME}", "a,b"],
  ],
  [
    "parseSection",
    parseSection,
    ["main", "updates/main", "non-free-firmware", "18"],
    ["main/", "/", "main,contrib", "$(ARCH)"],
  ],
  [
    "parseArchitecture",
    parseArchitecture,
    ["amd64", "kfreebsd-amd64", "all", "amd64v3", "musl-linux-armhf"],
    ["a/b", "amd64/", "/", "amd64,arm64", "$(ARCH)", "${arch}", "!amd64", "[amd64]", "binary-amd64"],
  ],
  [
    "parseLinkName",
    parseLinkName,
    ["staging", "current", "prod-1", "dists2", "é".repeat(100)],
    ["dists", "pool", ".live", "a/b", "a/", "a".repeat(201), "é".repeat(101)],
  ],
  [
    "parseMirrorId",
    parseMirrorId,
    ["a", "0", "ubuntu-noble", "a_b", "constructor", "a".repeat(200)],
    ["A", "-a", "_a", "a.b", "a/b", "é", "__proto__", "a".repeat(201)],
  ],
])("%s", (_, parse, legal, illegal) => {
  test.each(legal)("accepts %j unchanged", (text) => {
    expect(parse(text)).toBe(text);
  });

  test.each([...unsafe, ...illegal])("refuses %j", (text) => {
    expect(() => parse(text)).toThrow(ConfigError);
  });
});

test.each([
  ["/", true],
  ["./", true],
  ["binary/", true],
  ["stable", false],
  ["stable/updates", false],
])("that the suite %s is flat is %s", (suite, expected) => {
  expect(isFlatSuite(suite)).toBe(expected);
});

test.each([
  ["./a/", "a/"],
  ["./a/b/", "a/b/"],
])("the flat suite %s is %s", (text, expected) => {
  expect(parseSuite(text)).toBe(expected);
});

test.each([parseSuite, parseSection, parseArchitecture])(
  "%o: two names in one text are two items",
  (parse) => {
    for (const text of ["one two", "one,two", "one, two"])
      expect(() => parse(text)).toThrow(/write each name in quotes of its own/);
  },
);

describe("parseArchitecture", () => {
  test.each(["source", "Sources", "src", "deb-src"])("refuses %j and names mirror_source", (text) => {
    expect(() => parseArchitecture(text)).toThrow(/mirror_source = true/);
  });

  test.each(["any", "linux-any", "*"])("refuses %j, which is not an architecture by itself", (text) => {
    expect(() => parseArchitecture(text)).toThrow(/name each architecture/);
  });
});

describe("parseFingerprint", () => {
  test.each([
    fingerprint,
    fingerprint.toLowerCase(),
    `0x${fingerprint}`,
    "F6EC B376 2474 EDA9 D21B  7022 8719 20D1 991B C93C",
  ])("reads %s", (text) => {
    expect(parseFingerprint(text)).toBe(fingerprint);
  });

  test("keeps the mark of an exact key, and accepts version 6", () => {
    expect(parseFingerprint(`${fingerprint}!`)).toBe(`${fingerprint}!`);
    expect(parseFingerprint("ab".repeat(32))).toBe("AB".repeat(32));
  });

  test.each([
    "",
    "871920D1991BC93C",
    `${fingerprint}!!`,
    `!${fingerprint}`,
    `${fingerprint}0`,
    "G".repeat(40),
    "/a/b.asc",
  ])("refuses %j", (text) => {
    expect(() => parseFingerprint(text)).toThrow(ConfigError);
  });
});

describe("what apt-get shall install", () => {
  test.each(["nginx", "g++", "libc6:i386", "python3.13"])("accepts %j", (text) => {
    expect(parseInstallName(text)).toBe(text);
  });
  test.each(["nginx-", "nginx/stable", "nginx=1.0", "a:b:c", "nginx:any", "-y", "~nnginx", ""])(
    "refuses %j",
    (text) => {
      expect(() => parseInstallName(text)).toThrow(ConfigError);
    },
  );
});

describe("patterns of names", () => {
  test.each(["linux-image-*", "*", "g++-1?", "libc6:i386"])("accepts %j", (text) => {
    expect(parsePackageGlob(text)).toBe(text);
  });
  test.each(["", "a b", "a/*", "!a", "{a,b}", "lib+(a)", "^a$"])("refuses %j", (text) => {
    expect(() => parsePackageGlob(text)).toThrow(ConfigError);
  });
});
