import { mkdirSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { type Imported, importAptly, importReprepro } from "../../../src/imports/index.ts";
import { filterPackages } from "../../../src/plan/index.ts";
import { debFile } from "../../support/deb-file.ts";
import { temporaryDirectory } from "../../support/index.ts";
import { Random } from "../../support/random.ts";
import { runProgram } from "../../support/run-program.ts";

/** Filters of other tools: what these let through of real packages, and what the exclude_patterns of an import do. */

const names = ["nginx", "nginx-core", "libnginx", "libnginx-dev", "g++", "g++-12", "bash", "ba", "a.b-c"];
const version = "1.0-2nginx+b";
const filtersCount = 60;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  mkdirSync(directory.join("debs"));
  for (const name of names) {
    const fields = { Section: "admin", Priority: "optional" };
    const deb = await debFile({ package: name, version, architecture: "amd64", fields });
    writeFileSync(directory.join("debs", `${name}.deb`), deb.bytes);
  }
  return () => directory[Symbol.asyncDispose]();
});

test("aptly lets the same packages through", async () => {
  const config = directory.join("aptly.conf");
  writeFileSync(config, JSON.stringify({ rootDir: directory.join("aptly"), architectures: ["amd64"] }));
  const aptly = (...args: readonly string[]) =>
    runProgram("aptly", [`-config=${config}`, "repo", ...args], { cwd: directory.path });
  expect(await aptly("create", "r")).toMatchObject({ exitCode: 0 });
  expect(await aptly("add", "r", directory.join("debs"))).toMatchObject({ exitCode: 0 });
  const random = new Random(7);
  for (let count = 0; count < filtersCount; count++) {
    const filter = formula(random, ofAptly);
    const found = await aptly("search", "-format={{.Package}}", "r", filter);
    const shown = found.output.includes("no results") ? [] : found.stdout.toString().trim().split("\n");
    expect({ filter, left: left(imported("aptly", filter)) }).toEqual({ filter, left: shown.toSorted() });
  }
});

test("reprepro lets the same packages through", async () => {
  mkdirSync(directory.join("conf"));
  writeFileSync(
    directory.join("conf", "distributions"),
    "Codename: c\nComponents: main\nArchitectures: amd64\n",
  );
  const reprepro = (...args: readonly string[]) =>
    runProgram("reprepro", ["--basedir", directory.path, ...args], { cwd: directory.path });
  const debs = names.map((name) => directory.join("debs", `${name}.deb`));
  expect(await reprepro("includedeb", "c", ...debs)).toMatchObject({ exitCode: 0 });
  const random = new Random(8);
  for (let count = 0; count < filtersCount; count++) {
    const filter = formula(random, ofReprepro);
    const found = await reprepro("--list-format=${package}\\n", "listfilter", "c", filter);
    expect({ filter, found }).toMatchObject({ found: { exitCode: 0 } });
    const shown = found.stdout
      .toString()
      .split("\n")
      .filter((line) => line !== "");
    expect({ filter, left: left(imported("reprepro", filter)) }).toEqual({ filter, left: shown.toSorted() });
  }
});

/** What an import makes of the filter. It must be taken over. */
function imported(tool: "aptly" | "reprepro", filter: string): Imported {
  const mirror = { Name: "m", ArchiveRoot: "http://h.example/", Distribution: "./", Filter: filter };
  const rule = `Name: m\nMethod: http://h.example/\nSuite: .\nFlat: main\nFilterFormula: ${filter}\n`;
  const found =
    tool === "aptly"
      ? importAptly([{ name: "mirrors.json", text: JSON.stringify(mirror) }])
      : importReprepro({ updates: [{ name: "updates", text: rule }], distributions: [], lists: new Map() });
  expect(found.remarks.filter(({ kind }) => kind === "dropped")).toEqual([]);
  return found;
}

function left({ mirrors: [mirror] }: Imported): readonly string[] {
  const patterns = [mirror?.tables["filters"]?.["exclude_patterns"] ?? []].flat();
  const excluded = patterns.map((pattern) => new RegExp(String(pattern)));
  return filterPackages(
    names.map((name) => ({ name, version, architecture: "amd64" })),
    { keepVersions: 0, excludePatterns: excluded },
  )
    .map(({ name }) => name)
    .toSorted();
}

interface Language {
  readonly term: (random: Random) => string;
  /** reprepro reads no parentheses in parentheses. */
  readonly depth: number;
  /** reprepro negates terms alone. */
  readonly negatesParentheses: boolean;
}

/** Without parentheses around the whole, so that the order of operators counts. */
function formula(random: Random, language: Language, depth = language.depth): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => {
    const isTerm = depth === 0 || random.isOneIn(2);
    const inner = isTerm ? language.term(random) : `(${formula(random, language, depth - 1)})`;
    return (isTerm || language.negatesParentheses) && random.isOneIn(3) ? `!${inner}` : inner;
  });
  return parts.reduce((all, part) => `${all}${random.pick([" | ", ", "])}${part}`);
}

const globs = ["*", "nginx*", "*-dev", "lib*x", "g+*", "?a*", "*.*", "nginx", "b?"];
const patterns = [
  "nginx",
  "^nginx$",
  "-dev$",
  "^(lib)?nginx",
  "g\\\\+\\\\+",
  "^[a-c]",
  "a.b",
  "^.{2,4}$",
  "x|h$",
  "^(nginx|bash)$",
];

const ofAptly: Language = {
  depth: 2,
  negatesParentheses: true,
  term: (random) =>
    random.pick([
      () => `Name (${random.pick(names)})`,
      () => `Name (= ${random.pick(names)})`,
      () => `Name (% '${random.pick([...globs, "[a-g]*", "[^a-g]*"])}')`,
      () => `Name (~ "${random.pick(patterns)}")`,
    ])(),
};

const ofReprepro: Language = {
  depth: 1,
  negatesParentheses: false,
  term: (random) =>
    random.pick([
      () => `Package (== ${random.pick(names)})`,
      () => `package (!= ${random.pick(names)})`,
      () => `Package (% ${random.pick(globs)})`,
    ])(),
};
