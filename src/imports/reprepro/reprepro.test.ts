import { describe, expect, test } from "vitest";
import { everythingSaid, mirrorsOf, remarked } from "../imports.fixture.ts";
import { filterListNames, importReprepro } from "./reprepro.ts";

const imported = (updates: string, distributions = "", lists: Readonly<Record<string, string>> = {}) =>
  importReprepro({
    updates: [{ name: "updates", text: updates }],
    distributions: distributions === "" ? [] : [{ name: "distributions", text: distributions }],
    lists: new Map(Object.entries(lists)),
  });

const bookworm = `Codename: bookworm
Components: main contrib
Architectures: amd64 source
UDebComponents: main
Update: debian - security
`;
const key = "4CB50190207B4758A3F73A796ED0E7B82643E131";

const target = (codename: string, components: string): string =>
  `Codename: ${codename}\nComponents: ${components}\nArchitectures: amd64\nUpdate: d\n`;

describe("rules", () => {
  test("become mirrors, with what their distributions say", () => {
    const found = imported(
      `Name: debian
Method: http://h.example/debian # the nearest
Fallback: http://i.example/debian
VerifyRelease: ${key.toLowerCase()}+|${key}

Name: security
From: debian
Suite: *-security
Components: main>all none
Architectures: amd64>i386 arm64
UDebComponents:

Name: cran
Method: https://c.example/debian
Suite: bookworm-cran40
Flat: main
Architectures: amd64
VerifyRelease: blindtrust

Name: unused
Method: http://u.example/debian
`,
      `${bookworm}
Codename: trixie
Components: main
Architectures: amd64
Update: cran

Codename: own
Components: main
Architectures: amd64
`,
    );
    expect(mirrorsOf(found)).toEqual({
      debian: {
        url: ["http://h.example/debian/", "http://i.example/debian/"],
        suites: ["bookworm"],
        sections: ["main", "contrib"],
        architectures: ["amd64"],
        mirror_source: true,
        signed_by: [key],
        installer: true,
      },
      security: {
        url: ["http://h.example/debian/", "http://i.example/debian/"],
        suites: ["bookworm-security"],
        sections: ["main"],
        architectures: ["amd64", "arm64"],
        signed_by: [key],
      },
      cran: { url: "https://c.example/debian/", suites: ["bookworm-cran40/"], no_pgp_check: true },
    });
    expect(remarked(found, "dropped")).toEqual([]);
    expect(remarked(found, "changed")).toEqual(
      expect.arrayContaining([
        "updates:20: rule unused",
        "distributions:5: Update: debian security",
        "distributions:12: distribution own",
      ]),
    );
  });

  test("of several distributions are one mirror if these have the same parts", () => {
    const rule = "Name: d\nMethod: http://h.example/d\nSuite: *-updates\n";
    const found = imported(
      rule,
      ["a", "b"]
        .map((name) => target(name, "main"))
        .concat(target("c", "main x"))
        .join("\n"),
    );
    expect(found.mirrors.map(({ id, suites }) => [id, suites])).toEqual([
      ["d", ["a-updates", "b-updates"]],
      ["d-2", ["c-updates"]],
    ]);
  });

  test("need no distributions if they say everything", () => {
    const found = imported(
      "Name: a\nMethod: http://h.example/d\nSuite: s\nComponents: main\nArchitectures: amd64\n\nName: b\nMethod: http://h.example/d\n",
    );
    expect(found.mirrors.map(({ id }) => id)).toEqual(["a"]);
    expect(remarked(found, "dropped")).toEqual(["updates:7: rule b"]);
  });

  test("say what is not supported, with the line", () => {
    const found = imported(
      `Name: debian
Method: copy:/srv/debian

Name: b
Method: http://ada:s3cret@h.example/d
Suite: s
Components: main
Architectures: amd64
VerifyRelease: F1D53D8C4F368D5D|${key}!
IgnoreRelease: yes
ListHook: /bin/cp
ListShellHook: cat
Config: Acquire::Http::Proxy=http://ada:s3cret@p.example:8080
constructor: x

!include: more

Suite: s
`,
      "",
    );
    expect(remarked(found, "dropped")).toEqual([
      "updates:2: Method: copy:/srv/debian",
      `updates:9: VerifyRelease: F1D53D8C4F368D5D|${key}!`,
      `updates:9: VerifyRelease: F1D53D8C4F368D5D|${key}!`,
      "updates:11: ListHook: /bin/cp",
      "updates:12: ListShellHook: cat",
      "updates:13: Config: ***@p.example:8080",
      "updates:16: !include: more",
      "updates:18: a stanza",
    ]);
    expect(everythingSaid(found)).not.toContain("s3cret");
  });

  test("that inherit from themselves end", () => {
    expect(imported("Name: a\nFrom: b\nSuite: s\n\nName: b\nFrom: a\n").mirrors).toEqual([]);
  });
});

const rule = "Name: d\nMethod: http://h.example/d\nSuite: s\nComponents: main\nArchitectures: amd64\n";

/** The names that the filters of a rule leave in. */
function leftBy(fields: string, lists: Readonly<Record<string, string>> = {}): readonly string[] {
  const [mirror] = imported(rule + fields, "", lists).mirrors;
  const patterns = [mirror?.tables["filters"]?.["exclude_patterns"] ?? []]
    .flat()
    .map((pattern) => new RegExp(String(pattern)));
  return ["bash", "bash-doc", "dash", "g++"].filter((name) =>
    patterns.every((pattern) => !pattern.test(name) && !pattern.test(`${name}_5.2-1+doc`)),
  );
}

describe("a formula", () => {
  test.each([
    ["Package (== bash)", ["bash"]],
    ["package (% *-doc) | Package (==dash)", ["bash-doc", "dash"]],
    ["Package (% bash*), !Package (% *-doc)", ["bash"]],
    ["Package (!= bash), Package (== bash) | Package (== dash)", ["dash"]], // "|" binds more tightly
    ["!(Package (% ?ash), Package (% b*))", ["bash-doc", "dash", "g++"]],
  ])("%s lets through what reprepro lets through", (formula, expected) => {
    expect(leftBy(`FilterFormula: ${formula}\n`)).toEqual(expected);
  });

  test.each([
    ["Priority (== required) | Package (== bash)", "not Priority"],
    ["$Source (== bash)", "not $Source"],
    ["Package (>= bash)", "names cannot be compared as in (>= bash)"],
    ["Package (== bash", "cannot be read to its end"],
    ["Package (== bash) dash", "cannot be read to its end"],
  ])("%s is dropped, with the reason", (formula, reason) => {
    const found = imported(`${rule}FilterFormula: ${formula}\n`);
    expect(remarked(found, "dropped")).toEqual([`updates:6: FilterFormula: ${formula}`]);
    expect(found.remarks.find(({ kind }) => kind === "dropped")?.means).toContain(reason);
    expect(found.mirrors.map(({ tables }) => tables)).toEqual([{}]);
  });
});

describe("lists of packages", () => {
  const lists = { a: "bash install\ndash\tpurge\n", b: "dash install\ng++ install\nbash-doc deinstall\n" };

  test("leave in what the first of them that names it lets through", () => {
    expect(leftBy("FilterList: purge a b\n", lists)).toEqual(["bash", "g++"]);
    expect(leftBy("FilterList: install a b\n", lists)).toEqual(["bash", "g++"]);
    expect(leftBy("FilterList: install b a\n", lists)).toEqual(["bash", "dash", "g++"]);
    expect(leftBy("FilterList: deinstall\n")).toEqual([]);
    expect(leftBy("FilterList: install\n")).toEqual(["bash", "bash-doc", "dash", "g++"]);
  });

  test("are read with a formula", () => {
    expect(leftBy("FilterList: purge a b\nFilterFormula: Package (% g*)\n", lists)).toEqual(["g++"]);
  });

  test.each([
    ["FilterList: hold a", {}, "depends on what reprepro has already"],
    ["FilterList: purge a", {}, "the list a cannot be read"],
    ["FilterList: purge a", { a: "bash upgradeonly\n" }, "depends on what reprepro has already"],
    ["FilterList: purge a", { a: "bash = 1.0\n" }, "line 1 of a is not a package and an action"],
    ["FilterList: purge a", { a: "root:$y$s3cret:1:\n" }, "line 1 of a is not a package and an action"],
    ["FilterSrcList: purge a", { a: "bash install\n" }, "by the name of their source package"],
  ])("are dropped, with the reason: %s", (fields, texts, reason) => {
    const found = imported(`${rule}${fields}\n`, "", texts);
    expect(found.remarks.find(({ kind }) => kind === "dropped")?.means).toContain(reason);
    expect(everythingSaid(found)).not.toContain("s3cret");
    expect(found.mirrors.map(({ tables }) => tables)).toEqual([{}]);
  });

  test("are found by their names", () => {
    expect(
      filterListNames([{ name: "u", text: `${rule}FilterList: purge a +b/b\nFilterSrcList: install a c\n` }]),
    ).toEqual(["a", "+b/b", "c"]);
  });
});
