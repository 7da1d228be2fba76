import { describe, expect, test } from "vitest";
import type { SuiteOptions } from "../../../test/support/suite-options.ts";
import type { InstallableAnswer } from "../../report/json/schemas/installable.ts";
import { type Mirrors, openMirrors } from "../verify/test-support.ts";

/** Adds packages, one a line: "name version; Field: value; …". */
function addPackages(mirrors: Mirrors, lines: readonly string[], suite = "stable", options?: SuiteOptions) {
  const target =
    options === undefined ? mirrors.upstream.suite(suite) : mirrors.upstream.suite(suite, options);
  for (const line of lines) {
    const [head = "", ...fields] = line.split("; ");
    const [name = "", version = "", architecture = "amd64"] = head.split(" ");
    target.addPackage(name, version, {
      architecture,
      fields: Object.fromEntries(fields.map((text) => text.split(": "))),
    });
  }
}

/** Syncs mirror "m", and stages a snapshot of it. */
async function stage(mirrors: Mirrors): Promise<Mirrors> {
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one", "--stage"]);
  return mirrors;
}

async function staged(...lines: readonly string[]): Promise<Mirrors> {
  const mirrors = await openMirrors();
  addPackages(mirrors, lines);
  return await stage(mirrors);
}

async function answer(mirrors: Mirrors, args: readonly string[], status: 0 | 3): Promise<InstallableAnswer> {
  const { out } = await mirrors.run(["--json", "snapshot", "installable", "m", ...args], status);
  return JSON.parse(out) as InstallableAnswer;
}

/** Returns what cannot be installed, by architecture. */
const failedIn = ({ machines }: InstallableAnswer) =>
  Object.fromEntries(
    machines.map(({ architecture, uninstallable }) => [
      architecture,
      uninstallable.map(({ name, version }) => `${name} ${version}`),
    ]),
  );

test("says that all packages of the staged snapshot can be installed", async () => {
  const mirrors = await staged("a 1; Depends: hello (>= 1.0)");
  expect(await answer(mirrors, [], 0)).toEqual({
    mirror: "m",
    snapshot: "one",
    with: [],
    machines: [{ architecture: "amd64", packages: 3, checked: 3, uninstallable: [], undetermined: [] }],
  });
  const { out } = await mirrors.run(["snapshot", "installable", "m"]);
  expect(out).toBe("amd64: 3 of 3 packages can be installed\n");
});

describe("a package that cannot be installed", () => {
  const lines = [
    "a 1; Depends: b (>= 1), c",
    "b 1; Depends: gone | lost",
    "c 1; Breaks: tool (<< 3)",
    "d 1; Depends: c, tool",
  ];

  test("is a line with its cause", async () => {
    const mirrors = await staged(...lines);
    const { out } = await mirrors.run(["snapshot", "installable", "m"], 3);
    expect(out.split("\n")).toEqual([
      "ARCHITECTURE  PACKAGE  VERSION  CAUSE",
      "amd64         a        1        b 1 needs gone | lost, which no package is or provides",
      "amd64         b        1        b 1 needs gone | lost, which no package is or provides",
      "amd64         d        1        tool 2.0-1 and c 1 exclude each other: c 1 conflicts with or breaks tool (<< 3)",
      "amd64: 3 of 6 packages can be installed",
      "",
    ]);
  });

  test("has each dependency that leads to the cause with --why", async () => {
    const mirrors = await staged(...lines);
    const { out } = await mirrors.run(["snapshot", "installable", "m", "--why"], 3);
    expect(out).toBe(`a 1 on amd64:
  - a 1
    needs b (>= 1): b 1
    needs gone | lost: no package is or provides it
b 1 on amd64:
  - b 1
    needs gone | lost: no package is or provides it
d 1 on amd64:
  - d 1
    needs tool: tool 2.0-1
    d 1 also needs c: c 1
    but c 1 conflicts with or breaks tool (<< 3)
amd64: 3 of 6 packages can be installed
`);
  });

  test("has its chain in the JSON", async () => {
    const { machines } = await answer(await staged(...lines), [], 3);
    const id = { version: "1", architecture: "amd64" };
    expect(machines[0]?.uninstallable[0]).toEqual({
      name: "a",
      ...id,
      causes: [
        {
          kind: "missing",
          chain: [
            { name: "a", ...id, relation: "a" },
            { name: "b", ...id, relation: "b (>= 1)" },
          ],
          relation: "gone | lost",
          message: "b 1 needs gone | lost, which no package is or provides",
        },
      ],
    });
  });
});

test("says whether packages can be installed together", async () => {
  const mirrors = await staged("a 1; Conflicts: tool");
  expect((await answer(mirrors, ["a", "hello (>= 1)"], 0)).machines[0]?.together?.result).toBe("installable");
  const { machines } = await answer(mirrors, ["a", "tool"], 3);
  expect(machines[0]?.together).toMatchObject({ result: "uninstallable", causes: [{ kind: "conflict" }] });
  const { out } = await mirrors.run(["snapshot", "installable", "m", "nothing (>= 2)"], 3);
  expect(out).toContain(
    "no package is or provides nothing (>= 2)\namd64: these cannot be installed together\n",
  );
});

test("checks the snapshot that is named, and says so if nothing is staged", async () => {
  const mirrors = await staged();
  addPackages(mirrors, ["bad 1; Depends: gone"]);
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two"]);
  expect(failedIn(await answer(mirrors, [], 0))).toEqual({ amd64: [] });
  expect(failedIn(await answer(mirrors, ["--snapshot", "two"], 3))).toEqual({ amd64: ["bad 1"] });
  await mirrors.run(["snapshot", "delete", "m", "one", "--force"]);
  expect((await mirrors.run(["snapshot", "installable", "m"], 1)).log).toContain("m has nothing in staging");
});

test("finds packages in the production of other mirrors, and does not check those", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: {}, other: { suites: ["other"] } });
  addPackages(mirrors, ["a 1; Depends: b"]);
  addPackages(mirrors, ["b 1", "bad 1; Depends: gone"], "other");
  await stage(mirrors);
  expect(failedIn(await answer(mirrors, [], 3))).toEqual({ amd64: ["a 1"] });
  const { with: beside, machines } = await answer(mirrors, ["--with", "other"], 0);
  expect(beside).toEqual([{ mirror: "other", snapshot: "(working mirror)" }]);
  expect(machines).toMatchObject([{ packages: 5, checked: 3 }]);
  await mirrors.run(["snapshot", "create", "other", "first"]);
  await mirrors.run(["snapshot", "publish", "other", "first"]);
  expect((await answer(mirrors, ["--with", "other"], 0)).with).toEqual([
    { mirror: "other", snapshot: "first" },
  ]);
});

test("checks the newest version of a name, and with --all each one", async () => {
  const mirrors = await staged("a 1; Depends: gone", "a 2");
  expect(failedIn(await answer(mirrors, [], 0))).toEqual({ amd64: [] });
  expect(failedIn(await answer(mirrors, ["--all"], 3))).toEqual({ amd64: ["a 1"] });
});

test("uses the packages of backports, and checks them only with --all", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { suites: ["stable", "backports"] } });
  addPackages(mirrors, ["a 1; Depends: b (>= 2)"]);
  const options = { extraReleaseFields: { NotAutomatic: "yes" } };
  addPackages(mirrors, ["b 2", "bad 1; Depends: gone"], "backports", options);
  await stage(mirrors);
  expect(failedIn(await answer(mirrors, [], 0))).toEqual({ amd64: [] });
  expect(failedIn(await answer(mirrors, ["--all"], 3))).toEqual({ amd64: ["bad 1"] });
});

test("does not use what the filters left out", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: { filters: { exclude_patterns: ["^b$"] } } });
  addPackages(mirrors, ["a 1; Depends: b", "b 1"]);
  expect(failedIn(await answer(await stage(mirrors), [], 3))).toEqual({ amd64: ["a 1"] });
});

describe("architectures", () => {
  const both = { architectures: ["amd64", "i386"] };

  async function mirrorOfBoth(): Promise<Mirrors> {
    const mirrors = await openMirrors();
    mirrors.configure({ m: { ...both, suites: ["both"] } });
    addPackages(
      mirrors,
      ["wine 1; Depends: wine32:i386", "data 1 all", "wine32 1 i386; Depends: data"],
      "both",
      both,
    );
    return await stage(mirrors);
  }

  test("are machines of their own", async () => {
    expect(failedIn(await answer(await mirrorOfBoth(), [], 3))).toEqual({ amd64: ["wine 1"], i386: [] });
  });

  test("are accepted beside the machine's own with --foreign", async () => {
    const mirrors = await mirrorOfBoth();
    // A dependency of a foreign package needs that architecture too, and "data" has none.
    expect(failedIn(await answer(mirrors, ["--foreign", "i386"], 3))).toEqual({ amd64: ["wine 1"] });
    addPackages(mirrors, ["data 2 all; Multi-Arch: foreign"], "both");
    await mirrors.upstream.publish();
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "two", "--stage"]);
    expect(failedIn(await answer(mirrors, ["--foreign", "i386"], 0))).toEqual({ amd64: [] });
  });

  test.each([
    { declared: "amd64 amd64v3", failed: ["only 1"] }, // the index of the variant replaces that of the base
    { declared: "amd64", failed: [] },
  ])("of a variant read its index; Architectures: $declared", async ({ declared, failed }) => {
    const mirrors = await openMirrors();
    const architectures = ["amd64", "amd64v3"];
    mirrors.configure({ m: { architectures, suites: ["variants"] } });
    addPackages(mirrors, ["base 1"], "variants", {
      architectures,
      extraReleaseFields: { Architectures: declared },
    });
    const fields = { Architecture: "amd64", "Architecture-Variant": "amd64v3", Depends: "base" };
    mirrors.upstream.suite("variants").addPackage("only", "1", { architecture: "amd64v3", fields });
    await stage(mirrors);
    const status = failed.length === 0 ? 0 : 3;
    expect(failedIn(await answer(mirrors, [], status))).toEqual({ amd64: [], amd64v3: failed });
  });

  test("of a flat suite are those of its packages", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: { suites: ["flat/"], sections: undefined, architectures: undefined } });
    addPackages(mirrors, ["a 1; Depends: b", "b 1 i386"], "flat/");
    await stage(mirrors);
    expect(failedIn(await answer(mirrors, [], 3))).toEqual({ amd64: ["a 1"], i386: [] });
  });
});

test.each([
  ["", /^ERROR package: found "", expected a dependency/],
  ["tool (>= )", /found "tool \(>= \)", expected a dependency/],
  ["tool, other", /: write each dependency in quotes of its own$/m],
])("what is not a dependency is wrong usage, and not a fault of the snapshot: %j", async (name, says) => {
  const mirrors = await staged();
  const { log } = await mirrors.run(["snapshot", "installable", "m", name], 2);
  expect(log).toMatch(says);
});
