import { describe, expect, test } from "vitest";
import { PackagesReader } from "./packages.ts";

const md5 = "1".repeat(32);
const sha1 = "2".repeat(40);
const sha256 = "3".repeat(64);
const sha512 = "4".repeat(128);

function read(text: string, allowWeak = false) {
  const reader = new PackagesReader("main/binary-amd64/Packages.xz", { allowWeak });
  return [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
}

const hello = `Package: hello
Source: hello-src (2.10-3~)
Version: 2.10-3
Architecture: amd64
Description: prints "Hello, world!"
 Size: a joke
Filename: ./pool//main/h/hello/hello_2.10-3_amd64.deb
Size: 53132
MD5sum: ${md5}
SHA1: ${sha1}
SHA256: ${sha256.toUpperCase()}
SHA512: ${sha512}
`;

describe("a package", () => {
  test("is read with its file, all its digests and its source", () => {
    expect(read(`${hello}\n`)).toEqual([
      {
        name: "hello",
        version: "2.10-3",
        architecture: "amd64",
        sourceName: "hello-src",
        sourceVersion: "2.10-3~",
        file: {
          path: "pool/main/h/hello/hello_2.10-3_amd64.deb",
          sizeBytes: 53132,
          digests: { md5, sha1, sha256, sha512 },
        },
        endsAt: hello.length + 1,
      },
    ]);
  });

  test.each([
    ["Source: other", "other", "2.10-3"],
    ["Source: other (1.0)", "other", "1.0"],
    ["Source: other ()", "other", "2.10-3"],
    ["Source:", "hello", "2.10-3"],
    ["X: y", "hello", "2.10-3"],
  ])("with %j has the source %s %s", (line, sourceName, sourceVersion) => {
    expect(read(hello.replace(/^Source.*$/m, line))[0]).toMatchObject({ sourceName, sourceVersion });
  });

  test.each([
    ["Architecture-Variant: amd64v3", "amd64v3"],
    ["Architecture-Variant:", undefined],
    ["X: y", undefined],
  ])("with %j is of the variant %s", (line, variant) => {
    expect(read(`${line}\n${hello}`)[0]).toMatchObject({ architecture: "amd64", variant });
  });

  test("is returned when its stanza ends, and the last one at the end", () => {
    const reader = new PackagesReader("Packages", { allowWeak: false });
    const pushed = reader.push(
      Buffer.from(`${hello}
${hello.replace("hello", "hallo")}`),
    );
    expect(pushed).toMatchObject([{ name: "hello" }]);
    expect(reader.end()).toMatchObject([{ name: "hallo" }]);
  });

  test("does not need weak digests beside a strong one", () => {
    const text = hello.replace(/^(MD5sum|SHA1|SHA256).*\n/gm, "");
    expect(read(text)[0]?.file.digests).toEqual({ sha512 });
  });

  test("has no digest if the field is empty, as in apt", () => {
    const text = hello.replace(/^(MD5sum|SHA1|SHA512):.*/gm, "$1:");
    expect(read(text)[0]?.file.digests).toEqual({ sha256 });
  });

  test.each([
    ["0", 0],
    ["1024", 1024],
    ["0010", 10],
    ["9007199254740991", 9007199254740991],
  ])("with the Size %s has %i bytes", (text, sizeBytes) => {
    expect(read(hello.replace(/^Size: .*$/m, `Size: ${text}`))[0]?.file.sizeBytes).toBe(sizeBytes);
  });

  test("is read in another encoding than UTF-8", () => {
    expect(read(hello.replace("Description:", "Maintainer: Ren\xe9\nDescription:"))).toHaveLength(1);
  });
});

const withPath = (path: string): string => hello.replace(/^Filename:.*/m, `Filename: ${path}`);

describe("a package with a path that is not UTF-8", () => {
  test.each(["pool/\xe9.deb", "pool/\xc0\xae\xc0\xae/x.deb", "../\xff"])(
    "is left out, and listed as unnamed: %j",
    (path) => {
      const reader = new PackagesReader("Packages", { allowWeak: false });
      const text = `${hello}\n${withPath(path).replace("hello", "b\xc3\xa9b\xe9")}\n${hello}`;
      const packages = [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
      expect(packages.map(({ name }) => name)).toEqual(["hello", "hello"]);
      expect(reader.unnamed).toEqual([{ line: 14, name: "béb\ufffd", version: "2.10-3", path }]);
    },
  );
});

describe("an error with source and line is thrown for", () => {
  const without = (field: string) => hello.replace(new RegExp(`^${field}:.*\n`, "m"), "");
  const withField = (field: string, value: string) =>
    hello.replace(new RegExp(`^${field}:.*`, "m"), `${field}: ${value}`);

  test.each([
    ["no Package", without("Package"), "FIELD_MISSING"],
    ["no Version", without("Version"), "FIELD_MISSING"],
    ["no Architecture", without("Architecture"), "FIELD_MISSING"],
    ["no Filename", without("Filename"), "FIELD_MISSING"],
    ["an empty Filename", withField("Filename", ""), "FIELD_MISSING"],
    ["no Size", without("Size"), "FIELD_MISSING"],
    ["a Size in words", withField("Size", "53 kB"), "FIELD_MALFORMED"],
    ["a path outside", withField("Filename", "../../etc/passwd"), "PATH_UNSAFE"],
    ["a URL", withField("Filename", "http://host/x.deb"), "PATH_UNSAFE"],
    ["a path without a name", withField("Filename", "./"), "PATH_UNSAFE"],
    ["a backslash", withField("Filename", "pool\\x.deb"), "PATH_UNSAFE"],
    ["a NUL in its path", withField("Filename", "pool/\0.deb"), "PATH_UNSAFE"],
    ["a name of 256 bytes", withField("Filename", `pool/${"x".repeat(256)}`), "PATH_UNSAFE"],
    ["a folded path", withField("Filename", "pool/\n x.deb"), "PATH_UNSAFE"],
    ["half a digest", withField("SHA256", "33"), "DIGEST_MALFORMED"],
    ["a Size and a unit", withField("Size", "10 B"), "FIELD_MALFORMED"],
    ["a Size of several lines", withField("Size", "10\n 20"), "FIELD_MALFORMED"],
    ["a negative Size", withField("Size", "-1"), "FIELD_MALFORMED"],
    ["a Size that is too large", withField("Size", "9007199254740993"), "FIELD_MALFORMED"],
    ["a digest of another algorithm", withField("MD5sum", sha1), "DIGEST_MALFORMED"],
    ["a digest with other characters", withField("SHA256", "g".repeat(64)), "DIGEST_MALFORMED"],
    ["weak digests only", hello.replace(/^SHA(256|512).*\n/gm, ""), "DIGEST_MISSING"],
    ["empty strong digests", hello.replace(/^SHA(256|512):.*/gm, "SHA$1:"), "DIGEST_MISSING"],
  ])("%s", (_, text, code) => {
    expect(() => read(`${hello}\n${text}\n`)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/^main\/binary-amd64\/Packages\.xz:14: /),
      }),
    );
  });

  test("a missing field, naming the package", () => {
    expect(() => read(without("Size"))).toThrow(/package "hello" has no Size$/);
  });

  test("weak digests, with the hint about allow_weak", () => {
    expect(() => read(hello.replace(/^SHA(256|512).*\n/gm, ""))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("allow_weak") }),
    );
  });

  test("a file without digests, with the hint that nothing verifies it", () => {
    expect(() => read(hello.replace(/^(MD5|SHA).*\n/gm, ""))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("Nothing could verify this file") }),
    );
  });

  test("a single weak digest, with the hint about allow_weak", () => {
    expect(() => read(hello.replace(/^SHA.*\n/gm, ""))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("allow_weak") }),
    );
  });

  test.each([
    ["a field", without("Size")],
    ["a value", withField("Size", "few")],
    ["a path", withField("Filename", "../x")],
    ["a line", `${hello}no colon\n`],
  ])("%s that is wrong, with the hint to tell the upstream", (_, text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("Tell the owner of the upstream") }),
    );
  });

  test("a comment, which would hide a package from apt", () => {
    expect(() => read(`# made by hand\n${hello}`)).toThrow(
      expect.objectContaining({ code: "STANZA_MALFORMED" }),
    );
  });
});

describe("with allowWeak", () => {
  test("MD5 and SHA-1 suffice", () => {
    expect(read(hello.replace(/^SHA(256|512).*\n/gm, ""), true)[0]?.file.digests).toEqual({ md5, sha1 });
  });

  test("one digest is required", () => {
    expect(() => read(hello.replace(/^(MD5|SHA).*\n/gm, ""), true)).toThrow(
      expect.objectContaining({ code: "DIGEST_MISSING" }),
    );
  });
});

test("reports the first of two mistakes, wherever the bytes are cut", () => {
  const text = Buffer.from(`${hello}\nPackage: no-version\n\nno colon\n`);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const reader = new PackagesReader("Packages", { allowWeak: false });
    const push = () => [text.subarray(0, cut), text.subarray(cut)].flatMap((chunk) => reader.push(chunk));
    expect(() => [...push(), ...reader.end()]).toThrow(/^Packages:\d+: package "no-version" has no Version/);
  }
});
