import { describe, expect, test } from "vitest";
import { noble, select, selectSuites, shown } from "./select-indices.fixture.ts";

const main = "main/binary-amd64/Packages";
const contrib = "contrib/binary-amd64/Packages";

/** Of each suite, the names of the selected indices and what is noted. */
const seen = (...args: Parameters<typeof selectSuites>) =>
  selectSuites(...args).map(({ indices, notes }) => ({ names: indices.map(({ name }) => name), notes }));

describe("if one suite lacks what another has,", () => {
  test("notes a section for the suite that lacks it", () => {
    const suites = { old: { names: [main] }, new: { names: [main, contrib] } };
    expect(seen(suites, { sections: ["main", "contrib"] })).toEqual([
      { names: [main], notes: [{ kind: "section-lacking", section: "contrib" }] },
      { names: [main, contrib], notes: [] },
    ]);
  });

  test("notes an architecture for the suite that lacks it", () => {
    const arm = "main/binary-arm64/Packages";
    const suites = { old: { names: [main] }, new: { names: [main, arm] } };
    expect(seen(suites, { architectures: ["amd64", "arm64"] })).toEqual([
      { names: [main], notes: [{ kind: "architecture-lacking", architecture: "arm64", section: undefined }] },
      { names: [main, arm], notes: [] },
    ]);
  });

  test("notes each section for a suite that has none, and no architecture", () => {
    const suites = { stable: { names: [main] }, other: { names: ["free/binary-i386/Packages"] } };
    expect(seen(suites)).toEqual([
      { names: [main], notes: [] },
      { names: [], notes: [{ kind: "section-lacking", section: "main" }] },
    ]);
  });

  test("finds the sections of a security archive by their short names", () => {
    const security = { names: [main, contrib], fields: "Components: updates/main updates/contrib\n" };
    const suites = { stable: { names: [main] }, "stable-security": security };
    const short = seen(suites, { sections: ["main", "contrib"] });
    expect(short.map(({ notes }) => notes)).toEqual([[{ kind: "section-lacking", section: "contrib" }], []]);
    const long = seen(suites, { sections: ["main", "updates/main"] });
    expect(long).toEqual([
      { names: [main], notes: [{ kind: "section-lacking", section: "updates/main" }] },
      { names: [main], notes: [] },
    ]);
  });

  test("notes neither sections nor architectures for a flat suite", () => {
    const suites = { stable: { names: [main] }, "./": { names: ["Packages"] } };
    expect(seen(suites).map(({ notes }) => notes)).toEqual([[], []]);
  });
});

describe("if no suite has it, an error names what is listed instead of", () => {
  test("a section of one suite", () => {
    expect(() => select(noble, { sections: ["main", "restricted"] })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        message:
          "stable: Release lists no indices for section restricted; it lists main, main/debian-installer, universe, xmain",
        facts: expect.objectContaining({ section: "restricted" }),
      }),
    );
  });

  test("an architecture of one suite", () => {
    expect(() => select(noble, { architectures: ["amd64", "arm64"] })).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: "stable: Release lists no indices for architecture arm64; it lists all, amd64, i386",
      }),
    );
  });

  const suites = { old: { names: [main] }, new: { names: [main, contrib] } };

  test("a section of several suites", () => {
    expect(() => selectSuites(suites, { sections: ["main", "contirb"] })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        message: "old, new: no Release lists indices for section contirb; they list contrib, main",
      }),
    );
  });

  test("an architecture of several suites, one of which has none of the sections", () => {
    const more = { ...suites, other: { names: ["free/binary-arm64/Packages"] } };
    expect(() => selectSuites(more, { architectures: ["amd64", "arm64"] })).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: "old, new, other: no Release lists indices for architecture arm64; they list amd64",
      }),
    );
  });

  test("an architecture, if only source is listed", () => {
    expect(() => select(["main/source/Sources"], { source: true })).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: expect.stringMatching(/lists none$/),
      }),
    );
  });
});

describe("without an index, Release may declare", () => {
  test("a section, whose other files are mirrored", () => {
    const fields = "Components: main contrib\n";
    const sections = ["main", "contrib"];
    expect(seen({ stable: { names: [main], fields } }, { sections })).toEqual([{ names: [main], notes: [] }]);
    const translation = "contrib/i18n/Translation-en";
    const names = [main, translation];
    expect(seen({ stable: { names, fields } }, { sections })).toEqual([{ names, notes: [] }]);
  });

  test.each(["contrib", "updates/contrib"])("a section with a prefix, as %s", (section) => {
    const fields = "Components: updates/main updates/contrib\n";
    expect(seen({ stable: { names: [main], fields } }, { sections: ["main", section] })).toEqual([
      { names: [main], notes: [] },
    ]);
  });

  test("an architecture, in one section or in all of them", () => {
    const fields = "Architectures: amd64 arm64\n";
    const selection = { sections: ["main", "contrib"], architectures: ["amd64", "arm64"] };
    const somewhere = [main, contrib, "contrib/binary-arm64/Packages"];
    for (const names of [[main, contrib], somewhere])
      expect(seen({ stable: { names, fields } }, selection)).toEqual([{ names, notes: [] }]);
  });

  test("all sections and architectures, in a new repository", () => {
    const fields = "Architectures: amd64\nComponents: main\n";
    expect(seen({ stable: { names: [], fields } })).toEqual([{ names: [], notes: [] }]);
  });
});

describe("if one section lacks what another has, notes", () => {
  test("an architecture", () => {
    const { notes } = select(noble, { sections: ["main", "universe"], architectures: ["i386"] });
    expect(notes).toEqual([{ kind: "architecture-lacking", architecture: "i386", section: "universe" }]);
  });

  test("but not an architecture, as in apt, if all packages are for all of them", () => {
    const { indices, notes } = select(["main/binary-all/Packages", "main/source/Sources"]);
    expect(indices.map(({ name }) => name)).toEqual(["main/binary-all/Packages"]);
    expect(notes.filter(({ kind }) => kind === "architecture-lacking")).toEqual([]);
  });

  test("Sources, if source is wanted", () => {
    expect(select([main], { source: true }).notes).toEqual([{ kind: "sources-lacking", section: "main" }]);
    expect(select([main]).notes).toEqual([]);
  });

  test("the uncompressed name of Packages, without which apt sees no index", () => {
    const { notes } = select(["main/binary-amd64/Packages.xz", "main/i18n/Translation-en.xz"]);
    expect(notes).toEqual([{ kind: "plain-name-lacking", index: main }]);
    expect(shown([main])).toEqual([`packages! ${main}`]);
  });
});
