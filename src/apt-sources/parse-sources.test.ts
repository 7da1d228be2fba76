import { describe, expect, test } from "vitest";
import { parseSources, type SourceEntry, switchOf, valuesOf } from "./index.ts";

const entry = (parts: Partial<SourceEntry>): SourceEntry => ({
  line: 1,
  enabled: true,
  types: ["deb"],
  uris: ["http://h.example/debian"],
  suites: ["trixie"],
  components: ["main"],
  signedBy: undefined,
  options: [],
  ...parts,
});

const fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";

describe("a line", () => {
  test.each<[string, Partial<SourceEntry>]>([
    ["deb http://h.example/debian trixie main", {}],
    [
      "  deb-src\thttp://h.example/debian trixie main contrib # a comment",
      { types: ["deb-src"], components: ["main", "contrib"] },
    ],
    ["deb http://h.example/debian sub/dir/", { suites: ["sub/dir/"], components: [] }],
    ['deb http://h.example/debian "a b" main', { suites: ["a b"] }],
    ["deb http://h.example/debian a%20b/ ", { suites: ["a b/"], components: [] }],
    ["deb cdrom:[Debian # 12]/ trixie main", { uris: ["cdrom:[Debian # 12]/"] }],
    ["deb http://h.example/a%20b trixie main", { uris: ["http://h.example/a%20b"] }],
    [
      "deb [ arch=amd64,arm64 trusted=yes ] http://h.example/debian trixie main",
      {
        options: [
          { name: "Architectures", change: "set", values: ["amd64", "arm64"] },
          { name: "Trusted", change: "set", values: ["yes"] },
        ],
      },
    ],
    [
      "deb [arch+=i386 lang-=de Contents-deb=no] http://h.example/debian trixie main",
      {
        options: [
          { name: "Architectures", change: "add", values: ["i386"] },
          { name: "Languages", change: "remove", values: ["de"] },
          { name: "Contents-deb", change: "set", values: ["no"] },
        ],
      },
    ],
    [
      `deb [signed-by=/k.gpg,${fingerprint.toLowerCase()}!] http://h.example/debian trixie main`,
      { signedBy: { paths: ["/k.gpg"], fingerprints: [`${fingerprint}!`], key: undefined } },
    ],
  ])("%s", (text, parts) => {
    expect(parseSources(text)).toEqual({ entries: [entry(parts)], problems: [] });
  });

  test.each([
    ["deb", "the URI is missing"],
    ["deb http://h.example/", "the suite is missing: expected a name, or a path that ends in /"],
    ["deb http://h.example/ trixie", 'the suite "trixie" has no component, such as main'],
    [
      "deb http://h.example/ ./ main",
      'the suite "./" is a path, because it ends in "/", and has no components',
    ],
    ["dep http://h.example/ trixie main", '"dep" is not a type: expected deb or deb-src'],
    ["deb h.example trixie main", '"h.example" is not a URI: it has no scheme'],
    ["deb [arch] http://h.example/ trixie main", 'the option "arch" is not of the form name=value'],
    ["deb [arch=amd64 http://h.example/ trixie main", "a ] is missing"],
    ['deb http://h.example/ "trixie main', 'a " is missing'],
    [
      "deb [signed-by=k.gpg] http://h.example/ a/",
      'Signed-By: "k.gpg" is neither an absolute path nor a fingerprint of 40 digits',
    ],
    [
      "deb [arch=$(dpkg --print-architecture)] http://h.example/ trixie main",
      '"$(dpkg --print-architecture)" is for a shell: write what the shell would put there',
    ],
    [
      "deb http://h.example/ $VERSION_CODENAME main",
      '"$VERSION_CODENAME" is for a shell: write what the shell would put there',
    ],
  ])("is refused: %s", (text, problem) => {
    expect(parseSources(`\n${text}`)).toEqual({ entries: [], problems: [{ line: 2, problem }] });
  });

  test("may contain the variable of apt", () => {
    const { entries } = parseSources("deb http://h.example/$(ARCH)/ $(ARCH)/");
    expect(entries).toEqual([
      entry({ uris: ["http://h.example/$(ARCH)/"], suites: ["$(ARCH)/"], components: [] }),
    ]);
  });
});

describe("a stanza", () => {
  test("has lists in each field, on several lines, with comments between them", () => {
    const text = `# the archive

Types: deb deb-src
uris: http://h.example/debian
  https://i.example/debian
Suites: trixie trixie-updates
# not yet: contrib
Components: main
Languages-Add: de,fr
By-Hash: force
Enabled: no
`;
    expect(parseSources(text)).toEqual({
      entries: [
        entry({
          line: 3,
          enabled: false,
          types: ["deb", "deb-src"],
          uris: ["http://h.example/debian", "https://i.example/debian"],
          suites: ["trixie", "trixie-updates"],
          options: [
            { name: "Languages", change: "add", values: ["de", "fr"] },
            { name: "By-Hash", change: "set", values: ["force"] },
          ],
        }),
      ],
      problems: [],
    });
  });

  test("may contain the key, in which a dot is an empty line", () => {
    const text = `Types: deb
URIs: http://h.example/debian
Suites: ./
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 bm8=
 -----END PGP PUBLIC KEY BLOCK-----
`;
    const key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbm8=\n-----END PGP PUBLIC KEY BLOCK-----\n";
    expect(parseSources(text).entries[0]?.signedBy).toEqual({ paths: [], fingerprints: [], key });
  });

  test("that cannot be read keeps no other from being read", () => {
    const good = "Types: deb\nURIs: http://h.example/debian\nSuites: trixie\nComponents: main\n";
    const text = `Types: deb\nSuites: trixie\n\nTypes: deb\nno colon\n\n${good}\n continued\n`;
    expect(parseSources(text)).toEqual({
      entries: [entry({ line: 7 })],
      problems: [
        { line: 1, problem: "the stanza has no URIs" },
        { line: 5, problem: "a line without colon" },
        { line: 12, problem: "a continuation of no field" },
      ],
    });
  });
});

const architectures = (options: string): readonly string[] => {
  const [first] = parseSources(`deb [${options}] http://h.example/ a/`).entries;
  return first === undefined ? [] : valuesOf(first, "Architectures", ["amd64"]);
};

test("an option adds to the default, or replaces it", () => {
  expect(architectures("arch=arm64")).toEqual(["arm64"]);
  expect(architectures("arch+=i386")).toEqual(["amd64", "i386"]);
  expect(architectures("arch=amd64,i386 arch-=i386")).toEqual(["amd64"]);
  expect(architectures("lang=de")).toEqual(["amd64"]);
});

test.each([
  ["yes", true],
  ["0", false],
  ["force", undefined],
])("the switch %s is %s", (word, expected) => {
  const [first] = parseSources(`deb [by-hash=${word}] http://h.example/ a/`).entries;
  expect(first === undefined ? "nothing" : switchOf(first, "By-Hash")).toBe(expected);
});
