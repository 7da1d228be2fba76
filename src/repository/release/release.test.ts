import { describe, expect, test } from "vitest";
import { parseRelease, sameRelease } from "./release.ts";
import { listing, md5, release, sha1, sha256 } from "./test-support.ts";

/** The head of the Release of bookworm-security, with the order of fields of noble: Acquire-By-Hash after the digests. */
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

describe("a Release", () => {
  test("is read with all its fields, in any order", () => {
    expect(parseRelease(security, "InRelease")).toEqual({
      suite: "stable-security",
      codename: "bookworm-security",
      origin: "Debian",
      label: "Debian-Security",
      version: "12",
      date: new Date("2023-06-10T08:53:33Z"),
      validUntil: new Date("2023-06-17T08:53:33Z"),
      nextSigners: [],
      architectures: ["amd64", "arm64", "armhf", "i386"],
      components: ["updates/main", "updates/contrib"],
      acquireByHash: true,
      noSupportForArchitectureAll: false,
      notAutomatic: false,
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
      malformed: new Map(),
      remarks: [],
    });
  });

  test("may lack all but a list of files", () => {
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
    ["01", true],
    ["0x1", true],
    ["+1", true],
    ["2", false],
    ["enabled", false],
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

  test.each([
    ["two fingerprints, in any case", `${sha1("a")},\n ${sha1("B")}!`, [sha1("A"), `${sha1("B")}!`]],
    ["nothing", "", []],
    ["a key ID beside a fingerprint, which makes apt ignore both", `${sha1("a")} ${"b".repeat(16)}`, []],
    ["the name of a file", "/etc/apt/keyrings/x.gpg", []],
  ])("has the signers of the next in Signed-By: %s", (_, value, signers) => {
    expect(release(`Signed-By: ${value}\nSHA256:\n`).nextSigners).toEqual(signers);
  });

  test("decodes its texts as UTF-8, and replaces other bytes", () => {
    expect(release("Label: caf\xc3\xa9\nOrigin: caf\xe9\nSHA256:\n")).toMatchObject({
      label: "café",
      origin: "caf\ufffd",
    });
  });

  test("ends at its first empty line, with a remark, as in apt", () => {
    const { files, remarks } = release(
      `MD5Sum:\n ${md5("1")} 1 Packages\n\nSHA256:\n ${sha256("1")} 1 Packages\n`,
    );
    expect(files.get("Packages")?.digests).toEqual({ md5: md5("1") });
    expect(remarks).toEqual([{ kind: "text-behind", line: 5 }]);
  });

  test("of several megabytes is read", () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `${sha256("1")} 1 main/i18n/Translation-${at}`);
    expect(listing(...lines).files.size).toBe(40_000);
  });

  test.each([
    ["an empty file", "", "FIELD_MISSING"],
    ["no digests", "Suite: stable\n", "FIELD_MISSING"],
    ["HTML", "<html>\n<body>404</body>\n", "STANZA_MALFORMED"],
    ["HTML with a colon", "<html>\n<body>404: not found</body>\n", "FIELD_MISSING"],
  ])("is not %s", (_, text, code) => {
    expect(() => parseRelease(text, "Release")).toThrow(expect.objectContaining({ code }));
  });
});

const same = (a: string, b: string) => sameRelease(parseRelease(a, "InRelease"), parseRelease(b, "Release"));

describe("two Releases are the same", () => {
  test("if date and files are, whatever the rest", () => {
    expect(same(security, security.replace("Label: Debian-Security\n", ""))).toBe(true);
    expect(same("SHA256:\n", "SHA256:\n")).toBe(true);
  });

  test.each([
    ["another date", security.replace("08:53:33", "09:53:33")],
    ["no date", security.replace(/^Date.*\n/m, "")],
    ["another size", security.replaceAll(" 567 ", " 568 ")],
    ["another digest", security.replace(sha256("2"), sha256("3"))],
    ["a missing digest", security.replace(/MD5Sum:\n.*\n/, "MD5Sum:\n")],
    ["a missing file", security.replaceAll(/ .*Packages\.xz\n/g, "")],
    ["another name of a file", security.replaceAll("Packages.xz", "Packages.gz")],
  ])("not with %s", (_, other) => {
    expect(same(security, other)).toBe(false);
    expect(same(other, security)).toBe(false);
  });
});
