import { describe, expect, test } from "vitest";
import { RepositoryError } from "../errors.ts";
import { parseRelease, sameRelease } from "./release.ts";

const md5 = (digit: string) => digit.repeat(32);
const sha1 = (digit: string) => digit.repeat(40);
const sha256 = (digit: string) => digit.repeat(64);
const sha512 = (digit: string) => digit.repeat(128);

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

const release = (fields: string) => parseRelease(`Date: Sat, 10 Jun 2023 08:53:33 UTC\n${fields}`, "Release");
const listing = (...lines: string[]) => release(`SHA256:\n${lines.map((line) => ` ${line}\n`).join("")}`);

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

const validUntilOf = (date: string) => parseRelease(`Valid-Until: ${date}\nSHA256:\n`, "Release");
const dateOf = (date: string) => parseRelease(`Date: ${date}\nSHA256:\n`, "Release");

describe("dates", () => {
  test.each([
    ["Sat, 10 Jun 2023 08:53:33 UTC", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 GMT", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 +0000", "2023-06-10T08:53:33Z"],
    ["Thu,  1 Feb 2024  8:03:03 UTC", "2024-02-01T08:03:03Z"],
    ["Thu, 29 Feb 2024 23:59:59 UTC", "2024-02-29T23:59:59Z"],
    ["Fri,  9 Feb 0024 00:00:00 UTC", "0024-02-09T00:00:00Z"],
    ["Sat, 10 JUNE 2023  08:53:33  UTC", "2023-06-10T08:53:33Z"],
    ["Sat Jun 10 08:53:33 2023", "2023-06-10T08:53:33Z"],
    ["Thu Feb  1  8:03:03 2024", "2024-02-01T08:03:03Z"],
  ])("%s is read", (text, date) => {
    const { date: found, remarks } = dateOf(text);
    expect([found, remarks]).toEqual([new Date(date), []]);
    expect(validUntilOf(text).validUntil).toEqual(date.startsWith("0") ? undefined : new Date(date));
  });

  test.each([
    ["Saturday, 10-Jun-95 08:53:33 GMT", "1995-06-10T08:53:33Z"],
    ["Saturday, 1-Jun-123 08:53:33 UTC", "2023-06-01T08:53:33Z"],
    ["Saturday, 10-Jun-23 08:53:33 UTC", "1923-06-10T08:53:33Z"],
    ["Saturday, 10-Jun-2023 08:53:33 UTC", "3923-06-10T08:53:33Z"],
  ])("%s is read as in apt, its year added to 1900, with a remark", (text, date) => {
    const { date: found, remarks } = dateOf(text);
    expect([found, remarks]).toEqual([new Date(date), [{ kind: "year-short", field: "Date", text }]]);
  });

  test.each(["", "  ", "\n "])("an empty Valid-Until, such as %j, counts as absent", (text) => {
    expect(validUntilOf(text)).toMatchObject({ validUntil: undefined, remarks: [] });
  });

  test.each(["Saturday, 10-Jun-69 08:53:33 UTC", "Thu, 01 Jan 1970 00:00:00 UTC"])(
    "a Valid-Until before 1970, such as %s, does not limit, as in apt",
    (text) => {
      const { validUntil, remarks } = validUntilOf(text);
      expect([validUntil, remarks]).toEqual([undefined, [{ kind: "valid-until-without-effect", text }]]);
    },
  );

  test.each([
    "Sat, 10 Jun 2023 08:53:33 -0500",
    "Sat, 10 Jun 2023 08:53:33 EST",
    "Sat, 10 Jun 2023 08:53:33",
    "10 Jun 2023 08:53:33 UTC",
    "2023-06-10T08:53:33Z",
    "Wed, 29 Feb 2023 00:00:00 UTC",
    "Sat, 10 Jun 2023 24:00:00 UTC",
    "Sat, 10 Jun 2023 08:60:00 UTC",
    "Sat, 10 Jun 2023 08:53:33 UTC and more",
    "Sat Jun 10 08:53:33 2023 UTC",
    "Sat Jun 10 08:53:33 23",
    "Saturday Jun 10 08:53:33 2023",
    "Saturday 10-Jun-23 08:53:33 UTC",
    "Saturday, 10-Jun-23 08:53:33",
    "Saturday, 10-Jun-23-1 08:53:33 UTC",
    "Sat, 10-Jun-23 08:53:33 UTC",
    "Saturday, 10 Jun 23 08:53:33 UTC",
  ])("%j is unreadable: a remark for Date, an error for Valid-Until", (text) => {
    expect(dateOf(text)).toMatchObject({ date: undefined, remarks: [{ kind: "date-unreadable", text }] });
    expect(() => release(`Valid-Until: ${text}\nSHA256:\n`)).toThrow(
      expect.objectContaining({ code: "FIELD_MALFORMED", message: expect.stringContaining("Valid-Until") }),
    );
  });

  test("an empty Date is unreadable, with a remark", () => {
    expect(dateOf("")).toMatchObject({ date: undefined, remarks: [{ kind: "date-unreadable", text: "" }] });
  });

  test("a Release may have no Date", () => {
    expect(parseRelease("SHA256:\n", "Release")).toMatchObject({ date: undefined, remarks: [] });
  });
});

describe("the list of files", () => {
  test("may begin on the line of its field, in any spacing and case", () => {
    const { files, remarks } = release(`sha256: ${sha256("1")}\t 1 \t a\n\t${sha256("2")} 2 b\n`);
    expect([...files.values()]).toEqual([
      { name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } },
      { name: "b", sizeBytes: 2, digests: { sha256: sha256("2") } },
    ]);
    expect(remarks).toEqual([]);
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

  test("may have names with @, +, : and UTF-8 letters", () => {
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

  test("leaves out the signature files, but not the small Release of a section", () => {
    const { files, remarks } = listing(
      `${sha256("1")} 1 Release`,
      `${sha256("2")} 2 InRelease`,
      `${sha256("3")} 3 Release.gpg`,
      `${sha256("4")} 4 main/binary-amd64/Release`,
    );
    expect([...files.keys()]).toEqual(["main/binary-amd64/Release"]);
    expect(remarks).toEqual([]);
  });

  test.each(["../x", "a/../b", "/a", "./a", "a//b", "a/", "a\\b", "a\0b", "caf\xe9"])(
    "leaves out %j, which apt never requests, with a remark",
    (name) => {
      const { files, remarks } = listing(`${sha256("1")} 1 ${name}`, `${sha256("2")} 2 good`);
      expect([...files.keys()]).toEqual(["good"]);
      expect(remarks).toMatchObject([{ kind: "names-unasked", count: 1 }]);
    },
  );

  test("has one remark for many such names", () => {
    const { remarks } = listing(...["/a", "/b", "/c"].map((name) => `${sha256("1")} 1 ${name}`));
    expect(remarks).toEqual([{ kind: "names-unasked", name: "/a", count: 3 }]);
  });

  test.each([
    ["another digest", `${sha256("2")} 1 a`],
    ["another size", `${sha256("1")} 2 a`],
  ])("takes the first of two lines with %s, with a remark", (_, second) => {
    const { files, remarks } = listing(`${sha256("1")} 1 a`, second);
    expect(files.get("a")).toEqual({ name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } });
    expect(remarks).toEqual([{ kind: "names-contradicted", name: "a", count: 1 }]);
  });

  test("may have the same line twice", () => {
    expect(listing(`${sha256("1")} 1 a`, `${sha256("1")} 1 a`).remarks).toEqual([]);
  });

  test("takes the size of the strongest algorithm, with a remark", () => {
    const { files, remarks } = release(`MD5Sum:\n ${md5("1")} 1 a\nSHA256:\n ${sha256("1")} 2 a\n`);
    expect(files.get("a")?.sizeBytes).toBe(2);
    expect(remarks).toEqual([{ kind: "names-contradicted", name: "a", count: 1 }]);
  });

  test("reads upper-case digits, with a remark", () => {
    const { files, remarks } = listing(`${sha256("A")} 1 a`);
    expect(files.get("a")?.digests.sha256).toBe(sha256("a"));
    expect(remarks).toEqual([{ kind: "digests-upper-case", name: "a", count: 1 }]);
  });

  test.each([
    ["a fourth column", `${sha256("1")} 1 a b`],
    ["no name", `${sha256("1")} 1`],
    ["a digest alone", sha256("1")],
  ])("with %s is refused, naming the field: apt refuses the Release", (_, line) => {
    for (const lines of [
      [line, `${sha256("1")} 1 good`],
      [`${sha256("1")} 1 good`, line],
    ]) {
      expect(() => listing(...lines)).toThrow(RepositoryError);
      expect(() => listing(...lines)).toThrow(
        expect.objectContaining({
          code: "FIELD_MALFORMED",
          message: expect.stringMatching(/^Release: SHA256: /),
        }),
      );
    }
  });

  describe("with an entry that has", () => {
    test.each([
      ["no decimal size", `${sha256("1")} 0x1 a`],
      ["a negative size", `${sha256("1")} -1 a`],
      ["a size that is too large", `${sha256("1")} 99999999999999999999 a`],
      ["a digest of another algorithm", `${sha1("1")} 1 a`],
      ["no digest", "- 1 a"],
    ])("%s leaves out only that file, with a remark", (_, text) => {
      for (const [line, lines] of [
        [3, [text, `${sha256("2")} 2 good`]],
        [4, [`${sha256("2")} 2 good`, text]],
      ] as const) {
        const { files, malformed, remarks } = listing(...lines);
        expect([...files.keys()]).toEqual(["good"]);
        const entry = { name: "a", list: "SHA256", line, text, problem: expect.stringMatching(/^not a /) };
        expect([...malformed]).toEqual([["a", entry]]);
        expect(remarks).toEqual([{ kind: "entry-malformed", ...entry, count: 1 }]);
      }
    });

    test("a malformed digest in any list leaves out that file", () => {
      const { files, malformed, remarks } = release(
        `MD5Sum: x 1 a\n y 1 b\n ${md5("1")} 1 c\nSHA256:\n ${sha256("1")} 1 a\n ${sha256("1")} 1 c\n`,
      );
      expect([...files.keys()]).toEqual(["c"]);
      expect([...malformed.keys()]).toEqual(["a", "b"]);
      expect(remarks).toEqual([
        {
          kind: "entry-malformed",
          name: "a",
          list: "MD5Sum",
          line: 2,
          text: "x 1 a",
          problem: 'not a MD5Sum digest: "x"',
          count: 2,
        },
      ]);
    });

    test("an unreadable line after a readable one changes nothing, as in apt", () => {
      const { files, malformed } = listing(`${sha256("1")} 1 a`, "x 1 a");
      expect([[...files.keys()], malformed.size]).toEqual([["a"], 0]);
    });

    test("a name that apt never requests, or of a signature file, is not malformed", () => {
      expect(listing("x 1 ./a", "x 1 Release").malformed.size).toBe(0);
    });
  });
});

const broken = (fields: string) => {
  const read = parseRelease(fields, "InRelease");
  return { ...read, files: [...read.files.keys()] };
};

describe("a broken line", () => {
  const list = `SHA256:\n ${sha256("1")} 1 a\n`;

  test("is skipped with the field after it, as in apt", () => {
    expect(broken(`Architectures: amd64\narm64\nComponents: main\nSuite: stable\n${list}`)).toMatchObject({
      architectures: ["amd64"],
      components: [],
      suite: "stable",
      files: ["a"],
      remarks: [{ kind: "line-broken", line: 2, text: "arm64", lostField: "Components" }],
    });
  });

  test("hides all that comes before the next colon, even empty lines", () => {
    expect(broken(`Suite: stable\nof\nus\n\n all\n\nOrigin: us\nLabel: us\n${list}`)).toMatchObject({
      suite: "stable",
      origin: undefined,
      label: "us",
      files: ["a"],
      remarks: [{ kind: "line-broken", line: 2, text: "of", lostField: "Origin" }],
    });
  });

  test("hides no field if a continuation has the next colon", () => {
    expect(broken(`Description: see\nthe page\n https://example.org\nSuite: stable\n${list}`)).toMatchObject({
      suite: "stable",
      remarks: [{ kind: "line-broken", line: 2, text: "the page", lostField: undefined }],
    });
  });

  test.each(["# a comment: here", "-field: x", ": x", "caf\xe9: x", "two words: x", "\xef\xbb\xbfOrigin: x"])(
    "%j is a field without meaning",
    (line) => {
      expect(broken(`${line}\n continued\nSuite: stable\n${list}`)).toMatchObject({
        suite: "stable",
        files: ["a"],
        remarks: [{ kind: "line-broken", line: 1, lostField: undefined }],
      });
    },
  );

  test("that continues no field hides nothing", () => {
    expect(broken(` x\nSuite: stable\n${list}`)).toMatchObject({ suite: "stable", files: ["a"] });
  });

  test("may hide MD5Sum beside a strong list", () => {
    const { files, remarks } = parseRelease(`garbage\nMD5Sum:\n ${md5("1")} 1 a\n${list}`, "InRelease");
    expect(files.get("a")?.digests).toEqual({ sha256: sha256("1") });
    expect(remarks).toMatchObject([{ lostField: "MD5Sum" }]);
  });

  test.each([
    ["hides the only strong list", `MD5Sum:\n ${md5("1")} 1 a\ngarbage\n${list}`, 3],
    ["is an entry", `${list}${sha256("2")} 1 b\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["is an entry with a colon", `${list}${sha256("2")} 1 b:c\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["is followed by entries", `${list}garbage\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["with a colon is followed by entries", `${list}-garbage: x\n y\n ${sha256("3")} 1 c\n`, 3],
    ["is the last", `${list}garbage\n`, 3],
  ])("that %s is refused, and shown", (_, text, line) => {
    expect(() => parseRelease(text, "InRelease")).toThrow(
      expect.objectContaining({
        code: "STANZA_MALFORMED",
        message: expect.stringMatching(new RegExp(`^InRelease:${line}: .*: "[^"]+"`)),
      }),
    );
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
