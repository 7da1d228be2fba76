/** What `make dist` writes: equal twice, and each form of the program installed and used. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uncompressed } from "../../../scripts/package/deb.ts";
import { writeRelease } from "../../../scripts/package/dist.ts";
import { plainTar } from "../../../scripts/package/tarball.ts";
import { executable } from "../../support/executable.ts";
import {
  createWorkspace,
  runProgram,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../support/index.ts";
import { findProgram, systemPath } from "../../support/run-program.ts";

const fast = { deb: uncompressed, tar: plainTar };
/** In place of the executable, which is copied as it is. */
const smallProgram = readFileSync("/bin/true");
const node = dirname(process.execPath);

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory("mirrorctl-release-");
  await writeRelease(directory.join("release"), fast, smallProgram);
});
afterAll(() => directory[Symbol.asyncDispose]());

const released = (suffix: string): string => {
  const names = readdirSync(directory.join("release")).filter((name) => name.endsWith(suffix));
  expect(names).toHaveLength(1);
  return directory.join("release", names.join());
};

async function succeed(program: string, args: readonly string[], path = systemPath): Promise<string> {
  const env = { PATH: path, HOME: directory.path, LC_ALL: "C" };
  const { exitCode, output } = await runProgram(program, args, { env, cwd: directory.join("release") });
  expect(output, `${program} ${args.join(" ")}`).toSatisfy(() => exitCode === 0);
  return output;
}

test("a release is the same when it is built again, and has the checksums of its files", async () => {
  const sums = readFileSync(released("SHA256SUMS"), "utf8");
  expect(
    sums
      .split("\n")
      .slice(0, -1)
      .map((line) => line.replace(/^[0-9a-f]{64} {2}/, "")),
  ).toEqual(readdirSync(directory.join("release")).filter((name) => name !== "SHA256SUMS"));
  await succeed("sha256sum", ["--check", "--strict", "SHA256SUMS"]);
  await writeRelease(directory.join("again"), fast, smallProgram);
  expect(readFileSync(directory.join("again/SHA256SUMS"), "utf8")).toBe(sums);
});

test("the executable is the same when it is built elsewhere, on one processor", async () => {
  const facts = await succeed(executable, ["version", "--json"]);
  const build = `
    import { buildExecutable } from ${JSON.stringify(join(process.cwd(), "scripts/build.ts"))};
    await buildExecutable(process.argv[1], JSON.parse(process.argv[2]));
  `;
  const elsewhere = directory.join("build");
  const argv = ["0", process.execPath, "--input-type=module", "--eval", build, elsewhere, facts];
  const { exitCode, output } = await runProgram("taskset", ["--cpu-list", ...argv], {
    env: {
      PATH: systemPath,
      HOME: directory.path,
      TZ: "Asia/Kolkata",
      LC_ALL: "C.UTF-8",
      TMPDIR: directory.path,
    },
    cwd: directory.path,
  });
  expect(output).toSatisfy(() => exitCode === 0);
  const isSame = readFileSync(join(elsewhere, "mirrorctl")).equals(readFileSync(executable));
  expect(isSame).toBe(true);
});

test("the npm package is installed with npm, and runs with Node 26", async () => {
  const prefix = directory.join("prefix");
  const path = `${node}:${systemPath}`;
  await succeed("npm", ["install", "--global", "--offline", `--prefix=${prefix}`, released(".tgz")]);
  const installed = join(prefix, "bin/mirrorctl");
  expect(await succeed(installed, ["--version"], path)).toMatch(/^\d/);
  expect(readdirSync(join(prefix, "share/man/man1"))).toContain("mirrorctl.1");
  expect(readdirSync(join(prefix, "lib/node_modules"))).toEqual(["mirrorctl"]);

  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  const config = ["--config", workspace.configFile];
  expect(await succeed(installed, ["sync", ...config], path)).toContain(
    "Sync completed successfully for debian",
  );
  await succeed(installed, ["snapshot", "verify", "debian", "--deep", ...config], path);
});

test("the npm package says which Node it needs to an older one", async ({ skip }) => {
  const older = findProgram("node") ?? skip("this system has no Node of its own");
  const { stdout } = await runProgram(older, ["--version"]);
  if (Number.parseInt(stdout.toString().slice(1), 10) >= 26) skip("this system's Node is new enough");
  const installed = directory.join("prefix/lib/node_modules/mirrorctl/bin/mirrorctl.cjs");
  const { exitCode, output } = await runProgram(older, [installed, "version"]);
  expect(output).toBe(`ERROR mirrorctl needs Node 26 or newer, and ${older} is ${stdout.toString()}`);
  expect(exitCode).toBe(1);
});

test("the tarball is unpacked into a prefix, with units that start what it has", async () => {
  const local = directory.join("local");
  mkdirSync(local);
  await succeed("tar", ["-xf", released(".tar"), "-C", local, "--strip-components=1"]);
  await succeed(join(local, "bin/mirrorctl"), []);
  const unit = readFileSync(join(local, "lib/systemd/system/mirrorctl-sync.service"), "utf8");
  expect(unit).toMatch(/^ExecStart=\/usr\/local\/bin\/mirrorctl sync/m);
  const configuration = readFileSync(join(local, "share/doc/mirrorctl/examples/packaged.toml"), "utf8");
  const named = [...`${unit}${configuration}`.matchAll(/\/usr\/[\w./-]*\/mirrorctl\/[\w./-]*\w/g)];
  const missing = named.filter(([path]) => !existsSync(join(local, relative("/usr/local", path))));
  expect(missing.map(([path]) => path)).toEqual([]);
  expect(readdirSync(local).toSorted()).toEqual(["bin", "lib", "share"]);
});

test.each([
  [".spdx.json", (list: Spdx) => list.packages.map(({ name }) => name)],
  [".cyclonedx.json", (list: CycloneDx) => list.components.flatMap(namesIn)],
])("the list of contents %s names npm's packages, Node and what that contains", (suffix, namesOf) => {
  const names = namesOf(JSON.parse(readFileSync(released(suffix), "utf8")));
  const { dependencies }: { dependencies: object } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), "buffer"]));
  expect(names).toEqual(expect.arrayContaining(["node", "openssl", "v8", "sqlite"]));
  for (const tool of ["vitest", "knip", "typescript", "undici-types"]) expect(names).not.toContain(tool);
});

interface Spdx {
  readonly packages: readonly { readonly name: string }[];
}
interface Component {
  readonly name: string;
  readonly components?: readonly Component[];
}
interface CycloneDx {
  readonly components: readonly Component[];
}

function namesIn({ name, components = [] }: Component): readonly string[] {
  return [name, ...components.flatMap(namesIn)];
}
