import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleProgram, nodeFlags } from "../build.ts";
import { manualPages } from "../man/pages.ts";
import { type Edition, type PackagedFile, textFile } from "./contents.ts";
import { bundledLicenses } from "./licenses.ts";
import { makeDirectory, writeFiles } from "./write-files.ts";

const root = join(import.meta.dirname, "../..");

interface Manifest {
  readonly description: string;
  readonly license: string;
  readonly engines: { readonly node: string };
}

/** Writes the npm package: one file of JavaScript, without dependencies and scripts of its own. Returns its path. */
export async function writeNpmPackage({ version, date }: Edition, directory: string): Promise<string> {
  const { description, license, engines } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Manifest;
  const pages = [
    ...(await manualPages({ date: date.toISOString().slice(0, 10), source: `mirrorctl ${version}` })),
  ];
  const manifest = {
    name: "mirrorctl",
    version,
    description,
    license,
    engines,
    os: ["linux"],
    bin: { mirrorctl: "bin/mirrorctl.cjs" },
    man: pages.map(([name]) => `man/${name}`),
  };
  const tree = join(directory, "npm");
  rmSync(tree, { recursive: true, force: true });
  makeDirectory(join(tree, "lib"));
  await bundleProgram(join(tree, "lib/mirrorctl.cjs"));
  const command: PackagedFile = { ...textFile("bin/mirrorctl.cjs", starter(engines.node)), mode: 0o755 };
  writeFiles(tree, [
    textFile("package.json", `${JSON.stringify(manifest, undefined, 2)}\n`),
    command,
    ...pages.map(([name, text]) => textFile(`man/${name}`, text)),
    ...["README.md", "CHANGELOG.md", "LICENSE"].map((name) => textFile(name, readFileSync(join(root, name)))),
    textFile("LICENSES", bundledLicenses({ withNode: false })),
  ]);
  const args = ["pack", "--silent", "--ignore-scripts", `--pack-destination=${directory}`];
  const name = execFileSync("npm", args, { cwd: tree }).toString().trim();
  rmSync(tree, { recursive: true });
  return join(directory, name);
}

/** An older Node cannot even parse the program, so this file says which one it needs. */
const starter = (engine: string): string => `#!/usr/bin/env -S node ${nodeFlags.join(" ")}
"use strict";
const needed = ${Number(/\d+/.exec(engine)?.[0])};
if (Number.parseInt(process.versions.node, 10) < needed) {
  console.error("ERROR mirrorctl needs Node " + needed + " or newer, and " + process.execPath + " is " + process.version);
  process.exitCode = 1;
} else {
  require("../lib/mirrorctl.cjs");
}
`;
