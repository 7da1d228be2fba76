/** Compares what mirrorctl says cannot be installed with what dose-debcheck says (Debian package dose-distcheck). */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Solver, UniverseBuilder } from "../../src/installability/index.ts";
import {
  anyMachine,
  anyPackages,
  type Fields,
  stanzaOf,
} from "../../src/installability/universes.fixture.ts";
import type { InstallableAnswer } from "../../src/report/json/schemas/installable.ts";
import { genuineIndices } from "../support/genuine-indices.ts";
import {
  createWorkspace,
  digestOf,
  runProgram,
  temporaryDirectory,
  type Workspace,
} from "../support/index.ts";

/** It takes half a minute, and several on a busy machine. */
const doseTimeoutMs = 300_000;
const isSoak = process.env["SOAK"] !== undefined;

/** dose-debcheck takes half a minute of processor time for each, so only `make soak` has them. */
const genuineSuites = [
  { suites: ["bookworm"] },
  { suites: ["bookworm", "bookworm-updates", "bookworm-security"] },
  { suites: ["trixie"] },
];

test.for(isSoak ? genuineSuites : [])(
  "finds in main of $suites exactly what dose-debcheck finds",
  { timeout: 2 * doseTimeoutMs },
  async ({ suites }, { skip }) => {
    const indices = await genuineIndices();
    if (indices.kind === "out-of-reach") return skip(indices.reason);
    await using workspace = await createWorkspace({ snapshot: {}, mirrors: { m: { suites } } });
    await addSnapshot(workspace, indices.dir, suites);
    const args = ["--json", "snapshot", "installable", "m", "--snapshot", "genuine", "--all"];
    const { stdout } = await workspace.run(args, { exitCode: 3 });
    const { machines } = JSON.parse(stdout) as InstallableAnswer;
    expect(machines).toHaveLength(1);
    const [machine] = machines;
    expect(machine?.undetermined).toEqual([]);
    const found = machine?.uninstallable.map(({ name, version }) => `${name} ${version}`).toSorted();
    expect(found).toEqual(await brokenAsOfDose(indices.dir, suites));
    expect(machine?.uninstallable.filter(({ causes }) => causes.length === 0)).toEqual([]);
  },
);

/** Makes a snapshot "genuine" of the indices of these suites, as a sync would, but without packages. */
async function addSnapshot({ dir }: Workspace, indices: string, suites: readonly string[]): Promise<void> {
  const snapshots = join(dir, ".snapshots/m");
  for (const suite of suites)
    await cp(join(indices, "dists", suite), join(snapshots, "genuine/dists", suite), { recursive: true });
  await mkdir(join(snapshots, ".meta"), { recursive: true });
  const kinds = { contents: false, translations: false, dep11: false, cnf: false, installer: false };
  const selection = { suites, sections: ["main"], architectures: ["amd64"], source: false, kinds };
  const filters = { keepVersions: 0, excludePatterns: [] };
  // Clients do not read these: each Release says No-Support-for-Architecture-all.
  const missing = suites.flatMap((suite) =>
    ["", ".gz", ".xz"].map((suffix) => `dists/${suite}/main/binary-all/Packages${suffix}`),
  );
  const facts = { ...selection, filters, allowWeak: false, missing, signatureFiles: {} };
  const releases = suites.map((suite) => ({ suite }));
  const counts = { files: 0, packages: 0, sizeBytes: 0 };
  const origin = { format: 1, name: "genuine", createdAt: "2026-05-04T03:02:01.000Z" };
  await writeFile(
    join(snapshots, ".meta/genuine.json"),
    JSON.stringify({ ...origin, ...counts, releases, facts }),
  );
}

/** Returns "name version" of each broken package. It takes half a minute, so `.cache` keeps the result. */
async function brokenAsOfDose(indices: string, suites: readonly string[]): Promise<readonly string[]> {
  const files = suites.map((suite) => join(indices, "dists", suite, "main/binary-amd64/Packages.xz"));
  const key = digestOf(Buffer.concat(await Promise.all(files.map((file) => readFile(file)))), "SHA256");
  const cached = join(indices, `${key}.dose`);
  if (!existsSync(cached)) {
    await using directory = await temporaryDirectory();
    const input = directory.join("Packages");
    const texts = await Promise.all(files.map((file) => runProgram("xz", ["-dc", file])));
    await writeFile(input, Buffer.concat(texts.map(({ stdout }) => stdout)));
    await writeFile(cached, (await runDose(input, [])).join("\n"));
  }
  return (await readFile(cached, "utf8")).split("\n");
}

async function runDose(input: string, foreign: readonly string[]): Promise<readonly string[]> {
  const options = foreign.map((architecture) => `--deb-foreign-archs=${architecture}`);
  const args = ["--deb-native-arch=amd64", ...options, "--failures", input];
  const { stdout, output } = await runProgram("dose-debcheck", args, { timeoutMs: doseTimeoutMs });
  const report = stdout.toString();
  if (!report.includes("broken-packages:")) throw new Error(`dose-debcheck failed: ${output.slice(-500)}`);
  const broken = report.matchAll(/^ {2}package: ([^\s:]+)\S*\n {2}version: (\S+)$/gm);
  return [...broken].map(([, name, version]) => `${name} ${version}`).toSorted();
}

test("finds in small universes what dose-debcheck finds", async () => {
  await using directory = await temporaryDirectory();
  const input = directory.join("Packages");
  await fc.assert(
    fc.asyncProperty(anyPackages, anyMachine, async (packages, machine) => {
      const builder = new UniverseBuilder(machine);
      for (const one of packages) builder.add(stanzaOf(one));
      const universe = builder.build();
      const accepted = new Set(
        universe.candidates.map((one) => `${one.name} ${one.version} ${one.countsAs}`),
      );
      fc.pre(accepted.size === universe.candidates.length && accepted.size > 0); // dose knows no variants
      const text = packages.map(textOf).join("\n");
      fc.pre(!isReadOtherwise(text, machine.foreign));
      await writeFile(input, text);
      const solver = new Solver(universe);
      const broken = universe.candidates.filter((one) => solver.check(one).kind !== "installable");
      const found = broken.map(({ name, version }) => `${name} ${version}`).toSorted();
      expect(found).toEqual(await runDose(input, machine.foreign));
    }),
    { numRuns: isSoak ? 200 : 50 },
  );
});

/**
 * True for what dose-debcheck reads otherwise than dpkg: it lets any package meet `name:any`, and a package that is
 * `Multi-Arch: foreign` a dependency on another architecture by name.
 */
const isReadOtherwise = (text: string, foreign: readonly string[]): boolean =>
  text.includes(":any") ||
  (foreign.length > 0 && text.includes("Multi-Arch: foreign") && /:(?:amd64|i386|native)/.test(text));

const textOf = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name.replaceAll(/(?:^|-)./g, (start) => start.toUpperCase())}: ${value}\n`)
    .join("");
