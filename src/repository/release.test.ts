import { describe, expect, test } from "vitest";
import { RepositoryError } from "./errors.ts";
import { parseRelease, sameRelease } from "./release.ts";

const md5 = (digit: string) => digit.repeat(32);
const sha1 = (digit: string) => digit.repeat(40);
const sha256 = (digit: string) => digit.repeat(64);
const sha512 = (digit: string) => digit.repeat(128);

/** The head of bookworm-security's Release, with the field order of noble's: Acquire-By-Hash after the digests. */
const security = `Origin: Debian
Label: Debian-Security
Suite: stable-security
Version: 12
Codename: bookworm-security
Date: Sat, 10 Jun 2023 08:53:33 UTC
Valid-Until: Sat, 17 Jun 2023 08:53:33 UTC
Architectures: amd64 arm64 armhf i386
Components: updates/main updates/contrib
Description: Debian 12 - Security Updates
MD5Sum:
 ${md5("1")}    1234 main/binary-amd64/Packages
 ${md5("2")}     567 main/binary-amd64/Packages.xz
SHA256:
 ${sha256("1")}    1234 main/binary-amd64/Packages
 ${sha256("2")}     567 main/binary-amd64/Packages.xz
Acquire-By-Hash: yes
`;

const release = (fields: string) => parseRelease(`Date: Sat, 10 Jun 2023 08:53:33 UTC\n${fields}`, "Release");
const listing = (...lines: string[]) => release(`SHA256:\n${lines.map((line) => ` ${line}\n`).join("")}`);

describe("a Release", () => {
  test("is read with all its fields, wherever they stand", () => {
    expect(parseRelease(security, "InRelease")).toEqual({
      suite: "stable-security",
      codename: "bookworm-security",
      origin: "Debian",
      label: "Debian-Security",
      version: "12",
      date: new Date("2023-06-10T08:53:33Z"),
      validUntil: new Date("2023-06-17T08:53:33Z"),
      architectures: ["amd64", "arm64", "armhf", "i386"],
      components: ["updates/main", "updates/contrib"],
      acquireByHash: true,
      noSupportForArchitectureAll: false,
      files: new Map([
        [
          "main/binary-amd64/Packages",
          {
            name: "main/binary-amd64/Packages",
            sizeBytes: 1234,
            digests: { md5: md5("1"), sha256: sha256("1") },
          },
        ],
        [
          "main/binary-amd64/Packages.xz",
          {
            name: "main/binary-amd64/Packages.xz",
            sizeBytes: 567,
            digests: { md5: md5("2"), sha256: sha256("2") },
          },
        ],
      ]),
      warnings: [],
    });
  });

  test("may lack everything but a list of files", () => {
    const { suite, date, validUntil, architectures, components, acquireByHash, files } = parseRelease(
      "SHA256:\n",
      "Release",
    );
    expect([suite, date, validUntil, architectures, components, acquireByHash, files.size]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
      [],
      false,
      0,
    ]);
  });

  test.each([
    ["yes", true],
    ["Yes", true],
    ["1", true],
    ["true", true],
    ["With", true],
    ["on", true],
    ["enable", true],
    ["no", false],
    ["yes please", false],
    ["0", false],
    ["", false],
  ])("Acquire-By-Hash: %s means %s", (word, meaning) => {
    expect(release(`Acquire-By-Hash: ${word}\nSHA256:\n`).acquireByHash).toBe(meaning);
  });

  test.each([
    ["Packages", true],
    ["Contents Packages", true],
    ["Contents", false],
    ["PackagesX", false],
  ])("No-Support-for-Architecture-all: %s means %s for Packages", (words, meaning) => {
    const { noSupportForArchitectureAll } = release(`No-Support-for-Architecture-all: ${words}\nSHA256:\n`);
    expect(noSupportForArchitectureAll).toBe(meaning);
  });

  test("shows its texts as UTF-8, and what is none as best it can", () => {
    expect(release("Label: caf\xc3\xa9\nOrigin: caf\xe9\nSHA256:\n")).toMatchObject({
      label: "café",
      origin: "caf\ufffd",
    });
  });

  test("ends at its first empty line, with a warning, as in apt", () => {
    const { files, warnings } = release(
      `MD5Sum:\n ${md5("1")} 1 Packages\n\nSHA256:\n ${sha256("1")} 1 Packages\n`,
    );
    expect(files.get("Packages")?.digests).toEqual({ md5: md5("1") });
    expect(warnings).toEqual([expect.stringMatching(/^Release: .*line 5/)]);
  });

  test("of several megabytes is read", () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `${sha256("1")} 1 main/i18n/Translation-${at}`);
    expect(listing(...lines).files.size).toBe(40_000);
  });

  test.each([
    ["an empty file", "", "FIELD_MISSING"],
    ["no digests", "Suite: stable\n", "FIELD_MISSING"],
    ["HTML", "<html>\n<body>404</body>\n", "STANZA_MALFORMED"],
  ])("is not %s", (_, text, code) => {
    expect(() => parseRelease(text, "Release")).toThrow(expect.objectContaining({ code }));
  });
});

const dateOf = (date: string) => parseRelease(`Date: ${date}\nSHA256:\n`, "Release");

describe("dates", () => {
  test.each([
    ["Sat, 10 Jun 2023 08:53:33 UTC", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 GMT", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 +0000", "2023-06-10T08:53:33Z"],
    ["Thu,  1 Feb 2024  8:03:03 UTC", "2024-02-01T08:03:03Z"],
    ["Thu, 29 Feb 2024 23:59:59 UTC", "2024-02-29T23:59:59Z"],
    ["Fri,  9 Feb 0024 00:00:00 UTC", "0024-02-09T00:00:00Z"],
  ])("%s is read", (text, date) => {
    const { date: found, warnings } = dateOf(text);
    expect([found, warnings]).toEqual([new Date(date), []]);
  });

  test.each([
    "Sat, 10 Jun 2023 08:53:33 -0500",
    "Sat, 10 Jun 2023 08:53:33 EST",
    "Sat, 10 Jun 2023 08:53:33",
    "10 Jun 2023 08:53:33 UTC",
    "2023-06-10T08:53:33Z",
    "Wed, 29 Feb 2023 00:00:00 UTC",
    "Sat, 10 Jun 2023 24:00:00 UTC",
    "Sat, 10 Jun 2023 08:60:00 UTC",
    "",
  ])("%j is none: a warning for Date, an error for Valid-Until", (text) => {
    const { date, warnings } = dateOf(text);
    expect([date, warnings]).toEqual([undefined, [expect.stringContaining("Date cannot be read")]]);
    expect(() => release(`Valid-Until: ${text}\nSHA256:\n`)).toThrow(
      expect.objectContaining({ code: "FIELD_MALFORMED", message: expect.stringContaining("Valid-Until") }),
    );
  });

  test("a Release without Date is no worse a list of files", () => {
    expect(parseRelease("SHA256:\n", "Release")).toMatchObject({ date: undefined, warnings: [] });
  });
});

describe("the list of files", () => {
  test("may begin on the field's own line, in any spacing and case of the field's name", () => {
    const { files, warnings } = release(`sha256: ${sha256("1")}\t 1 \t a\n\t${sha256("2")} 2 b\n`);
    expect([...files.values()]).toEqual([
      { name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } },
      { name: "b", sizeBytes: 2, digests: { sha256: sha256("2") } },
    ]);
    expect(warnings).toEqual([]);
  });

  test("gathers the digests of all algorithms", () => {
    const { files } = release(
      `MD5Sum:\n ${md5("1")} 7 a\nSHA1:\n ${sha1("2")} 7 a\nSHA256:\n ${sha256("3")} 7 a\nSHA512:\n ${sha512("4")} 7 a\n`,
    );
    expect(files.get("a")).toEqual({
      name: "a",
      sizeBytes: 7,
      digests: { md5: md5("1"), sha1: sha1("2"), sha256: sha256("3"), sha512: sha512("4") },
    });
  });

  test("has names with @, + and : and of UTF-8 letters", () => {
    const { files } = listing(
      `${sha256("1")} 1 main/dep11/icons-48x48@2.tar.gz`,
      `${sha256("2")} 2 main/i18n/Translation-a+b:c`,
      `${sha256("3")} 3 caf\xc3\xa0`,
    );
    expect([...files.keys()]).toEqual([
      "main/dep11/icons-48x48@2.tar.gz",
      "main/i18n/Translation-a+b:c",
      "cafà",
    ]);
  });

  test("leaves out the Release files themselves, but not the small ones of sections", () => {
    const { files, warnings } = listing(
      `${sha256("1")} 1 Release`,
      `${sha256("2")} 2 InRelease`,
      `${sha256("3")} 3 Release.gpg`,
      `${sha256("4")} 4 main/binary-amd64/Release`,
    );
    expect([...files.keys()]).toEqual(["main/binary-amd64/Release"]);
    expect(warnings).toEqual([]);
  });

  test.each(["../x", "a/../b", "/a", "./a", "a//b", "a/", "a\\b", "a\0b", "caf\xe9"])(
    "leaves out %j, which apt never asks for, with a warning",
    (name) => {
      const { files, warnings } = listing(`${sha256("1")} 1 ${name}`, `${sha256("2")} 2 good`);
      expect([...files.keys()]).toEqual(["good"]);
      expect(warnings).toEqual([expect.stringContaining("not mirrored")]);
    },
  );

  test("warns once of many such names", () => {
    const { warnings } = listing(...["/a", "/b", "/c"].map((name) => `${sha256("1")} 1 ${name}`));
    expect(warnings).toEqual([expect.stringMatching(/"\/a" and 2 more/)]);
  });

  test.each([
    ["another digest", `${sha256("2")} 1 a`],
    ["another size", `${sha256("1")} 2 a`],
  ])("takes the first of two lines for one name with %s, and warns", (_, second) => {
    const { files, warnings } = listing(`${sha256("1")} 1 a`, second);
    expect(files.get("a")).toEqual({ name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } });
    expect(warnings).toEqual([expect.stringContaining("listed twice")]);
  });

  test("does not mind the same line twice", () => {
    expect(listing(`${sha256("1")} 1 a`, `${sha256("1")} 1 a`).warnings).toEqual([]);
  });

  test("believes the strongest algorithm where sizes differ, and warns", () => {
    const { files, warnings } = release(`MD5Sum:\n ${md5("1")} 1 a\nSHA256:\n ${sha256("1")} 2 a\n`);
    expect(files.get("a")?.sizeBytes).toBe(2);
    expect(warnings).toEqual([expect.stringContaining("listed twice")]);
  });

  test("reads upper-case digits, and warns", () => {
    const { files, warnings } = listing(`${sha256("A")} 1 a`);
    expect(files.get("a")?.digests.sha256).toBe(sha256("a"));
    expect(warnings).toEqual([expect.stringContaining("upper case")]);
  });

  test.each([
    ["a fourth column", `${sha256("1")} 1 a b`, "FIELD_MALFORMED"],
    ["no name", `${sha256("1")} 1`, "FIELD_MALFORMED"],
    ["no decimal size", `${sha256("1")} 0x1 a`, "FIELD_MALFORMED"],
    ["a negative size", `${sha256("1")} -1 a`, "FIELD_MALFORMED"],
    ["a size beyond all files", `${sha256("1")} 99999999999999999999 a`, "FIELD_MALFORMED"],
    ["a digest of another algorithm", `${sha1("1")} 1 a`, "DIGEST_MALFORMED"],
  ])("with %s is an error that names the field", (_, line, code) => {
    expect(() => listing(line)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^Release: SHA256: /) }),
    );
    expect(() => listing(line)).toThrow(RepositoryError);
  });
});

const same = (a: string, b: string) => sameRelease(parseRelease(a, "InRelease"), parseRelease(b, "Release"));

describe("two Releases are the same", () => {
  test("where date and files are, whatever the rest", () => {
    expect(same(security, security.replace("Label: Debian-Security\n", ""))).toBe(true);
    expect(same("SHA256:\n", "SHA256:\n")).toBe(true);
  });

  test.each([
    ["another date", security.replace("08:53:33", "09:53:33")],
    ["no date", security.replace(/^Date.*\n/m, "")],
    ["another size", security.replaceAll(" 567 ", " 568 ")],
    ["another digest", security.replace(sha256("2"), sha256("3"))],
    ["a digest less", security.replace(/MD5Sum:\n.*\n/, "MD5Sum:\n")],
    ["a file less", security.replaceAll(/ .*Packages\.xz\n/g, "")],
    ["a file of another name", security.replaceAll("Packages.xz", "Packages.gz")],
  ])("not with %s", (_, other) => {
    expect(same(security, other)).toBe(false);
    expect(same(other, security)).toBe(false);
  });
});
