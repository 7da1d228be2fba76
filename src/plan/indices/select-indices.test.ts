import { describe, expect, test } from "vitest";
import { Suite } from "../../repository/index.ts";
import { noble, releaseOf, select, shown, usualKinds } from "./select-indices.fixture.ts";
import { selectAllIndices } from "./select-indices.ts";

describe("of a suite with sections", () => {
  test("selects all that a client of the architecture may request, and no more", () => {
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

  test("with source also selects Sources and its Contents and Release", () => {
    const added = new Set(shown(noble, { source: true })).difference(new Set(shown(noble)));
    expect([...added]).toEqual([
      "contents main/Contents-source",
      "release main/source/Release",
      "sources! main/source/Sources",
    ]);
  });

  test("without a selection selects what any client may request", () => {
    const all = selectAllIndices(releaseOf(noble), new Suite("stable")).map(
      ({ kind, name, required }) => `${kind}${required ? "!" : ""} ${name}`,
    );
    const everything = {
      source: true,
      architectures: ["amd64", "i386"],
      sections: ["main", "universe", "xmain"],
      kinds: { ...usualKinds, installer: true },
    };
    expect(all).toEqual(shown(noble, everything));
  });

  test("without a selection selects files of sections that are empty", () => {
    const names = ["main/Contents-arm64", "main/binary-amd64/Packages", "contrib/i18n/Translation-en"];
    const release = releaseOf(names, "Components: main contrib\nArchitectures: amd64 arm64\n");
    expect(selectAllIndices(release, new Suite("stable")).map(({ name }) => name)).toEqual(names);
  });

  const withInstaller = { kinds: { ...usualKinds, installer: true } };

  test("with installer also selects udebs and lists of installer images", () => {
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
    expect(select(noble, withInstaller).notes).toEqual([]);
  });

  test("with installer and without contents selects no Contents of udebs", () => {
    const kinds = { ...withInstaller.kinds, contents: false };
    expect(shown(noble, { kinds }).filter((line) => line.startsWith("contents"))).toEqual([]);
  });

  test("notes a missing installer if it is wanted", () => {
    const names = ["main/binary-amd64/Packages"];
    expect(select(names, withInstaller).notes).toEqual([{ kind: "installer-lacking" }]);
    expect(select(names).notes).toEqual([]);
  });

  test.each([
    ["contents", "contents "],
    ["translations", "translation "],
    ["dep11", "dep11 "],
    ["cnf", "cnf "],
  ] as const)("without %s selects everything else", (option, prefix) => {
    const wanted = shown(noble).filter((line) => !line.startsWith(prefix));
    expect(shown(noble, { kinds: { ...usualKinds, [option]: false } })).toEqual(wanted);
    expect(wanted.length).toBeLessThan(shown(noble).length);
  });

  test("selects the indices of several architectures and sections", () => {
    const both = { sections: ["main", "universe"], architectures: ["amd64", "i386", "all"] };
    const packages = shown(noble, both).filter((line) => line.startsWith("packages"));
    expect(packages).toEqual([
      "packages! main/binary-all/Packages",
      "packages! main/binary-amd64/Packages",
      "packages! main/binary-i386/Packages",
      "packages! universe/binary-amd64/Packages",
    ]);
  });

  test("selects what is for another architecture, and what all share", () => {
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

  test("makes binary-all optional if Release tells clients not to read it", () => {
    const lines = shown(noble, {}, "No-Support-for-Architecture-all: Packages\n");
    expect(lines).toContain("packages main/binary-all/Packages");
    expect(lines).toContain("packages! main/binary-amd64/Packages");
    expect(lines).toContain("contents main/Contents-all");
  });

  test("can select binary-all alone", () => {
    expect(shown(["main/binary-all/Packages"], { architectures: ["all"] })).toEqual([
      "packages! main/binary-all/Packages",
    ]);
  });

  test("does not note a missing binary-all: other indices may have its packages", () => {
    const architectures = ["all", "amd64"];
    expect(select(["main/binary-amd64/Packages"], { architectures }).notes).toEqual([]);
  });

  test("finds a section within another: main/debug", () => {
    const names = ["main/binary-amd64/Packages", "main/debug/binary-amd64/Packages"];
    expect(shown(names, { sections: ["main/debug"] })).toEqual([
      "packages! main/debug/binary-amd64/Packages",
    ]);
    expect(shown(names)).toEqual(["packages! main/binary-amd64/Packages"]);
  });
});

const notesOf = (suite: string, fields: string) =>
  select(suite.endsWith("/") ? ["Packages"] : ["main/binary-amd64/Packages"], { suite }, fields).notes;

describe("the name of a suite", () => {
  test.each([
    ["bookworm", "Suite: oldstable\nCodename: bookworm\n"],
    ["oldstable", "Suite: oldstable\nCodename: bookworm\n"],
    ["stable/updates", "Suite: stable\nCodename: bookworm\n"],
    ["stable", ""],
    ["sub/", "Suite: other\n"],
  ])("%s fits %j", (suite, fields) => {
    expect(notesOf(suite, fields)).toEqual([]);
  });

  test("that is not in Release is noted, as apt warns about it", () => {
    expect(notesOf("noble", "Suite: stable\nCodename: bookworm\n")).toEqual([
      { kind: "other-names", names: ["stable", "bookworm"] },
    ]);
  });
});
