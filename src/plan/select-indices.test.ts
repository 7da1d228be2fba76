import { describe, expect, test } from "vitest";
import { parseRelease } from "../repository/index.ts";
import { selectAllIndices, selectIndices } from "./select-indices.ts";
import type { Selection } from "./selection.ts";

const allKinds = { contents: true, translations: true, dep11: true, cnf: true, installer: false };

/** The names that a Release lists, each with a size and a digest of its own. */
function releaseOf(names: readonly string[], fields = "") {
  const lines = names.map((name, at) => ` ${String(at).padStart(64, "0")} ${at} ${name}\n`);
  return parseRelease(`Date: Sat, 10 Jun 2023 08:53:33 UTC\n${fields}SHA256:\n${lines.join("")}`, "Release");
}

function select(names: readonly string[], selection: Partial<Selection> = {}, fields = "") {
  return selectIndices(releaseOf(names, fields), {
    suite: "stable",
    sections: ["main"],
    architectures: ["amd64"],
    source: false,
    kinds: allKinds,
    ...selection,
  });
}

/** `kind name`, with "!" where the index is required. */
const shown = (...args: Parameters<typeof select>) =>
  select(...args).indices.map(({ kind, name, required }) => `${kind}${required ? "!" : ""} ${name}`);

const noble = [
  "Contents-amd64.gz",
  "Contents-i386.gz",
  "Contents-udeb-amd64.gz",
  "main/Contents-all",
  "main/Contents-amd64.gz",
  "main/Contents-source.gz",
  "main/Contents-udeb-amd64.gz",
  "main/binary-all/Packages",
  "main/binary-amd64/Packages",
  "main/binary-amd64/Packages.diff/Index",
  "main/binary-amd64/Packages.gz",
  "main/binary-amd64/Release",
  "main/binary-i386/Packages",
  "main/cnf/Commands-all.xz",
  "main/cnf/Commands-amd64",
  "main/cnf/Commands-i386.xz",
  "main/debian-installer/binary-all/Packages",
  "main/debian-installer/binary-amd64/Packages",
  "main/debian-installer/binary-amd64/Packages.gz",
  "main/debian-installer/binary-amd64/Release",
  "main/debian-installer/binary-i386/Packages",
  "main/dep11/Components-amd64.yml.gz",
  "main/dep11/Components-i386.yml.gz",
  "main/dep11/icons-48x48@2.tar.gz",
  "main/dep11/icons-64x64.tar",
  "main/i18n/Index",
  "main/i18n/Translation-de.bz2",
  "main/i18n/Translation-en",
  "main/i18n/Translation-en.diff/Index",
  "main/i18n/Translation-sr@latin.xz",
  "main/installer-amd64/20230607+deb12u11/images/MD5SUMS",
  "main/installer-amd64/20230607+deb12u11/images/SHA256SUMS",
  "main/installer-amd64/current/images/MD5SUMS",
  "main/installer-amd64/current/images/SHA256SUMS",
  "main/installer-amd64/current/images/netboot/SHA256SUMS",
  "main/installer-amd64/current/legacy-images/SHA256SUMS",
  "main/installer-i386/current/images/SHA256SUMS",
  "main/source/Release",
  "main/source/Sources",
  "main/source/Sources.diff/Index",
  "universe/binary-amd64/Packages",
  "xmain/binary-amd64/Packages",
  "xmain/i18n/Translation-en",
];

describe("of a suite with sections", () => {
  test("selects all that a client of the architecture may ask for, and nothing else", () => {
    expect(shown(noble)).toEqual([
      "contents Contents-amd64",
      "contents main/Contents-all",
      "contents main/Contents-amd64",
      "packages! main/binary-all/Packages",
      "packages! main/binary-amd64/Packages",
      "release main/binary-amd64/Release",
      "cnf main/cnf/Commands-all",
      "cnf main/cnf/Commands-amd64",
      "dep11 main/dep11/Components-amd64.yml",
      "dep11 main/dep11/icons-48x48@2.tar",
      "dep11 main/dep11/icons-64x64.tar",
      "translation main/i18n/Index",
      "translation main/i18n/Translation-de",
      "translation main/i18n/Translation-en",
      "translation main/i18n/Translation-sr@latin",
    ]);
  });

  test("with source selects, beside all that, Sources and its company", () => {
    const added = new Set(shown(noble, { source: true })).difference(new Set(shown(noble)));
    expect([...added]).toEqual([
      "contents main/Contents-source",
      "release main/source/Release",
      "sources! main/source/Sources",
    ]);
  });

  test("without a selection selects what any client may ask for", () => {
    const names = (source: boolean, architectures: readonly string[], sections: readonly string[]) =>
      shown(noble, { source, architectures, sections, kinds: { ...allKinds, installer: true } });
    const all = selectAllIndices(releaseOf(noble), "stable").map(
      ({ kind, name, required }) => `${kind}${required ? "!" : ""} ${name}`,
    );
    expect(all).toEqual(names(true, ["amd64", "i386"], ["main", "universe", "xmain"]));
  });

  const withInstaller = { kinds: { ...allKinds, installer: true } };

  test("with installer selects, beside all that, the udebs and the lists of installer images", () => {
    const added = new Set(shown(noble, withInstaller)).difference(new Set(shown(noble)));
    expect([...added]).toEqual([
      "contents Contents-udeb-amd64",
      "contents main/Contents-udeb-amd64",
      "packages! main/debian-installer/binary-all/Packages",
      "packages! main/debian-installer/binary-amd64/Packages",
      "release main/debian-installer/binary-amd64/Release",
      "installer-images main/installer-amd64/20230607+deb12u11/images/MD5SUMS",
      "installer-images main/installer-amd64/20230607+deb12u11/images/SHA256SUMS",
      "installer-images main/installer-amd64/current/images/MD5SUMS",
      "installer-images main/installer-amd64/current/images/SHA256SUMS",
      "installer-images main/installer-amd64/current/legacy-images/SHA256SUMS",
    ]);
    expect(select(noble, withInstaller).warnings).toEqual([]);
  });

  test("with installer and without contents selects no Contents of udebs", () => {
    const kinds = { ...withInstaller.kinds, contents: false };
    expect(shown(noble, { kinds }).filter((line) => line.startsWith("contents"))).toEqual([]);
  });

  test("that has nothing of the installer is a warning where it is wanted", () => {
    const names = ["main/binary-amd64/Packages"];
    expect(select(names, withInstaller).warnings).toEqual([
      "stable: Release lists neither udebs nor installer images",
    ]);
    expect(select(names).warnings).toEqual([]);
  });

  test.each([
    ["contents", "contents "],
    ["translations", "translation "],
    ["dep11", "dep11 "],
    ["cnf", "cnf "],
  ] as const)("without %s selects everything else", (option, prefix) => {
    const wanted = shown(noble).filter((line) => !line.startsWith(prefix));
    expect(shown(noble, { kinds: { ...allKinds, [option]: false } })).toEqual(wanted);
    expect(wanted.length).toBeLessThan(shown(noble).length);
  });

  test("several architectures and sections select the indices of each", () => {
    const both = { sections: ["main", "universe"], architectures: ["amd64", "i386", "all"] };
    const packages = shown(noble, both).filter((line) => line.startsWith("packages"));
    expect(packages).toEqual([
      "packages! main/binary-all/Packages",
      "packages! main/binary-amd64/Packages",
      "packages! main/binary-i386/Packages",
      "packages! universe/binary-amd64/Packages",
    ]);
  });

  test("another architecture selects what is its own, and what all share", () => {
    expect(shown(noble, { architectures: ["i386"] })).toEqual([
      "contents Contents-i386",
      "contents main/Contents-all",
      "packages! main/binary-all/Packages",
      "packages! main/binary-i386/Packages",
      "cnf main/cnf/Commands-all",
      "cnf main/cnf/Commands-i386",
      "dep11 main/dep11/Components-i386.yml",
      "dep11 main/dep11/icons-48x48@2.tar",
      "dep11 main/dep11/icons-64x64.tar",
      "translation main/i18n/Index",
      "translation main/i18n/Translation-de",
      "translation main/i18n/Translation-en",
      "translation main/i18n/Translation-sr@latin",
    ]);
  });

  test("binary-all is optional where clients are told not to read it, Contents-all stays", () => {
    const lines = shown(noble, {}, "No-Support-for-Architecture-all: Packages\n");
    expect(lines).toContain("packages main/binary-all/Packages");
    expect(lines).toContain("packages! main/binary-amd64/Packages");
    expect(lines).toContain("contents main/Contents-all");
  });

  test("binary-all alone can be selected", () => {
    expect(shown(["main/binary-all/Packages"], { architectures: ["all"] })).toEqual([
      "packages! main/binary-all/Packages",
    ]);
  });

  test("binary-all is not missed, as all of its packages may stand in the other indices", () => {
    const architectures = ["all", "amd64"];
    expect(select(["main/binary-amd64/Packages"], { architectures }).warnings).toEqual([]);
  });

  test("a section may be named within another: main/debug", () => {
    const names = ["main/binary-amd64/Packages", "main/debug/binary-amd64/Packages"];
    expect(shown(names, { sections: ["main/debug"] })).toEqual([
      "packages! main/debug/binary-amd64/Packages",
    ]);
    expect(shown(names)).toEqual(["packages! main/binary-amd64/Packages"]);
  });
});

describe("where Components has a prefix, as debian-security", () => {
  const fields = "Components: updates/main updates/contrib\n";

  test.each([
    ["main", "main/binary-amd64/Packages"],
    ["updates/main", "main/binary-amd64/Packages"],
    ["main", "updates/main/binary-amd64/Packages"],
    ["updates/main", "updates/main/binary-amd64/Packages"],
  ])("section %s means what is listed: %s", (section, name) => {
    expect(shown([name, "xmain/binary-amd64/Packages"], { sections: [section] }, fields)).toEqual([
      `packages! ${name}`,
    ]);
  });

  test("both spellings of a section are one", () => {
    const selection = { sections: ["main", "updates/main"], source: true };
    const { indices, warnings } = select(["main/binary-amd64/Packages"], selection, fields);
    expect([indices.length, warnings]).toEqual([1, ["stable: section main lists no Sources"]]);
  });

  test.each([
    ["main", ["xmain/binary-amd64/Packages"]],
    ["ain", ["updates/main/binary-amd64/Packages"]],
    ["updates/contrib", ["main/binary-amd64/Packages"]],
    ["backports/main", ["main/binary-amd64/Packages"]],
  ])("section %s is none of %j", (section, names) => {
    expect(() => shown(names, { sections: [section] }, fields)).toThrow(
      expect.objectContaining({ code: "SECTION_NOT_LISTED" }),
    );
  });
});

describe("what is not listed", () => {
  test("a section is an error that names those listed", () => {
    expect(() => select(noble, { sections: ["main", "restricted"] })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        message:
          "stable: Release lists no indices for section restricted; it lists main, main/debian-installer, universe, xmain",
        facts: expect.objectContaining({ section: "restricted" }),
      }),
    );
  });

  test("an architecture is an error that names those listed, whatever the field Architectures says", () => {
    expect(() =>
      select(noble, { architectures: ["amd64", "arm64"] }, "Architectures: amd64 arm64\n"),
    ).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: "stable: Release lists no indices for architecture arm64; it lists all, amd64, i386",
      }),
    );
  });

  test("an architecture is a warning where all that there is is for all of them", () => {
    const { indices, warnings } = select(["main/binary-all/Packages", "main/source/Sources"]);
    expect(indices.map(({ name }) => name)).toEqual(["main/binary-all/Packages"]);
    expect(warnings).toContain("stable: section main lists no architecture amd64");
  });

  test("source alone is no architecture", () => {
    expect(() => select(["main/source/Sources"], { source: true })).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: expect.stringMatching(/lists none$/),
      }),
    );
  });

  test("an architecture that only one of the sections has is a warning for the other", () => {
    const { warnings } = select(noble, { sections: ["main", "universe"], architectures: ["i386"] });
    expect(warnings).toEqual(["stable: section universe lists no architecture i386"]);
  });

  test("Sources is a warning where source is wanted", () => {
    const names = ["main/binary-amd64/Packages"];
    expect(select(names, { source: true }).warnings).toEqual(["stable: section main lists no Sources"]);
    expect(select(names).warnings).toEqual([]);
  });

  test("the uncompressed name of Packages is a warning, as apt then takes the index for absent", () => {
    const { warnings } = select(["main/binary-amd64/Packages.xz", "main/i18n/Translation-en.xz"]);
    expect(warnings).toEqual([expect.stringContaining("main/binary-amd64/Packages are listed")]);
  });
});

describe("the forms of an index", () => {
  test("are listed fastest first, with the uncompressed entry apart", () => {
    const suffixes = ["", ".xz", ".lz4", ".bz2", ".lzma", ".gz", ".zst"];
    const names = suffixes.map((suffix) => `main/binary-amd64/Packages${suffix}`);
    const [index] = select(names).indices;
    expect(index?.plain).toEqual(releaseOf(names).files.get("main/binary-amd64/Packages"));
    expect(index?.variants.map(({ compression, entry }) => [compression, entry.name])).toEqual(
      ["zst", "gz", "xz", "bz2", "lzma", "lz4"].map((suffix) => [
        suffix,
        `main/binary-amd64/Packages.${suffix}`,
      ]),
    );
  });

  test("may be a single one", () => {
    const [plain, packed] = select(["main/binary-amd64/Packages", "main/i18n/Translation-de.bz2"]).indices;
    expect([plain?.plain?.name, plain?.variants]).toEqual(["main/binary-amd64/Packages", []]);
    expect([packed?.plain, packed?.variants.map(({ compression }) => compression)]).toEqual([
      undefined,
      ["bz2"],
    ]);
  });
});

describe("of a flat suite", () => {
  const flat = [
    "Contents-amd64.gz",
    "Packages",
    "Packages.gz",
    "Sources.gz",
    "Translation-en.xz",
    "de.xz",
    "pt_BR.bz2",
    "sr@latin",
    "readme",
    "sub/Packages",
  ];

  test.each(["/", "./", "sub/", "a/b/"])("%s selects what stands beside the Release", (suite) => {
    expect(shown(flat, { suite, sections: [], architectures: [] })).toEqual([
      "contents Contents-amd64",
      "packages! Packages",
      "translation Translation-en",
      "translation de",
      "translation pt_BR",
      "translation sr@latin",
    ]);
  });

  test("selects Sources with source, and honours the kinds", () => {
    const kinds = { ...allKinds, contents: false, translations: false };
    expect(shown(flat, { suite: "/", source: true, kinds })).toEqual([
      "packages! Packages",
      "sources! Sources",
    ]);
  });

  test("without Packages is an error that tells what is listed", () => {
    const listed = ["main/binary-amd64/Packages", "Sources", "en"];
    expect(() => select(listed, { suite: "/" })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        facts: expect.objectContaining({ listed }),
      }),
    );
  });
});

const warningsFor = (suite: string, fields: string) =>
  select(suite.endsWith("/") ? ["Packages"] : ["main/binary-amd64/Packages"], { suite }, fields).warnings;

describe("the name of the suite", () => {
  test.each([
    ["bookworm", "Suite: oldstable\nCodename: bookworm\n"],
    ["oldstable", "Suite: oldstable\nCodename: bookworm\n"],
    ["stable/updates", "Suite: stable\nCodename: bookworm\n"],
    ["stable", ""],
    ["sub/", "Suite: other\n"],
  ])("%s agrees with %j", (suite, fields) => {
    expect(warningsFor(suite, fields)).toEqual([]);
  });

  test("which Release does not know is a warning, as in apt", () => {
    expect(warningsFor("noble", "Suite: stable\nCodename: bookworm\n")).toEqual([
      'noble: Release calls itself "stable", "bookworm", and apt will warn of that',
    ]);
  });
});
