import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RepositoryError } from "./errors.ts";
import { encodePath, joinPath, normalizePath, parseRepositoryPath } from "./paths.ts";

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

describe("reading a path", () => {
  test.each([
    ["pool/main/h/hello/hello_2.10-3_amd64.deb", "pool/main/h/hello/hello_2.10-3_amd64.deb"],
    ["./foo.deb", "foo.deb"],
    ["././a/./b", "a/b"],
    ["/pool/foo.deb", "pool/foo.deb"],
    ["//pool//foo.deb", "pool/foo.deb"],
    ["pool/", "pool"],
    ["a_1..2.deb", "a_1..2.deb"],
    ["..a/b..", "..a/b.."],
    ["...", "..."],
    [".hidden/.x", ".hidden/.x"],
    ["a%3ab.deb", "a%3ab.deb"],
    ["%2e%2e/x", "%2e%2e/x"],
    ["core:/stable:/v1.30/a+b~c@d.deb", "core:/stable:/v1.30/a+b~c@d.deb"],
    ["a b#c?d.deb", "a b#c?d.deb"],
    [latin1("pool/é/日本.deb"), "pool/é/日本.deb"],
    [latin1("\ufefffoo"), "\ufefffoo"],
    ["x".repeat(255), "x".repeat(255)],
    ["x/".repeat(1023) + "yz", "x/".repeat(1023) + "yz"],
    [latin1("é/".repeat(682) + "yz"), "é/".repeat(682) + "yz"],
    [latin1(`${"é".repeat(127)}x`), `${"é".repeat(127)}x`],
  ])("%j is stored as %j", (text, path) => {
    expect(parseRepositoryPath(text)).toBe(path);
  });

  test.each([
    ["..", /"\.\." segment/],
    ["../etc/passwd", /"\.\." segment/],
    ["pool/../../x", /"\.\." segment/],
    ["pool/..", /"\.\." segment/],
    ["", /names no file/],
    ["./", /names no file/],
    ["/", /names no file/],
    ["a\0b", /control character/],
    ["a\nb", /control character/],
    ["a\x7fb", /control character/],
    [latin1("a\u009bb"), /control character/],
    ["pool\\x.deb", /backslash/],
    ["http://host/x.deb", /absolute URL/],
    ["mirror+file:///x", /absolute URL/],
    ["h2.0-x://host/x", /absolute URL/],
    ["caf\xe9.deb", /not UTF-8/],
    ["\xc0\xae\xc0\xae/x", /not UTF-8/],
    ["x".repeat(256), /more than 255 bytes/],
    ["x/".repeat(1024) + "y", /more than 2048 bytes/],
    [latin1("é/".repeat(682) + "xyz"), /more than 2048 bytes/],
    [latin1("é".repeat(128)), /more than 255 bytes/],
    [`pool/${"x".repeat(256)}/y`, /more than 255 bytes/],
  ])("refuses %j", (text, reason) => {
    expect(() => parseRepositoryPath(text)).toThrow(
      expect.objectContaining({ code: "PATH_UNSAFE", message: expect.stringMatching(reason) }),
    );
  });

  test("reads any bytes as a safe path, or throws PATH_UNSAFE", () => {
    const unit = fc.constantFrom(".", "/", "\\", "\0", ":", "a", "%", "~", "\xa0", "\xc3");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        const path = pathOrError(text);
        const segments = path instanceof RepositoryError ? [] : path.split("/");
        expect(segments.filter((segment) => ["", ".", ".."].includes(segment))).toEqual([]);
        expect(segments.length === 0 || normalizePath(segments.join("/")) === path).toBe(true);
      }),
    );
  });

  test("escapes control characters in the message, and cuts a long path", () => {
    const message = String(pathOrError(`\x1b[31m\x9b${"x".repeat(5000)}`));
    expect(message).toContain("\\u001b[31m\\u009b");
    expect(message.length).toBeLessThan(400);
  });
});

describe("a path in a URL", () => {
  test.each([
    ["pool/g++_1.0~rc1.deb", "pool/g%2B%2B_1.0%7Erc1.deb"],
    ["a%3ab.deb", "a%253ab.deb"],
    ["a b#c?d.deb", "a%20b%23c%3Fd.deb"],
    ["core:/stable:/x@2.tar.gz", "core:/stable:/x@2.tar.gz"],
    ["a=b;c&d,e!(f)*'$", "a=b;c&d,e!(f)*'$"],
    ['a[b]"c"<d>^`{|}', "a%5Bb%5D%22c%22%3Cd%3E%5E%60%7B%7C%7D"],
    ["é/日.deb", "%C3%A9/%E6%97%A5.deb"],
  ])("%j becomes %j", (path, url) => {
    expect(encodePath(normalizePath(path))).toBe(url);
  });

  test("is the path again for a server that decodes each segment", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const path = pathOrError(Buffer.from(text).toString("latin1"));
        fc.pre(typeof path === "string");
        expect(encodePath(path).split("/").map(decodeURIComponent).join("/")).toBe(path);
        expect(new URL(`http://host/base/${encodePath(path)}`).pathname).toBe(`/base/${encodePath(path)}`);
      }),
    );
  });
});

test("joins a path to a directory and to the base", () => {
  const name = normalizePath("main/binary-amd64/Packages.xz");
  expect(joinPath(normalizePath("dists/noble"), name)).toBe("dists/noble/main/binary-amd64/Packages.xz");
  expect(joinPath("", name)).toBe(name);
});

test("refuses two paths that are too long together", () => {
  const directory = normalizePath("d/".repeat(512)); // 1,023 bytes without its last slash
  expect(joinPath(directory, normalizePath("n/".repeat(512)))).toHaveLength(2_047);
  expect(() => joinPath(directory, normalizePath("n/".repeat(513)))).toThrow(
    expect.objectContaining({ code: "PATH_UNSAFE", message: expect.stringMatching(/more than 2048 bytes/) }),
  );
});

function pathOrError(text: string) {
  try {
    return parseRepositoryPath(text);
  } catch (error) {
    if (error instanceof RepositoryError && error.code === "PATH_UNSAFE") return error;
    throw error;
  }
}
