import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";

/** The Packages of Debian that the machine's own apt has verified, or the reason why there are none. */
export type MachineIndices =
  | { readonly kind: "found"; readonly files: readonly string[] }
  | { readonly kind: "none"; readonly reason: string };

/**
 * Finds them in the lists of the machine's apt. If those were removed, apt fetches them from the machine's own sources
 * into `cacheDir`, where the next call finds them. The files may be compressed; `readList` reads them.
 */
export async function machineIndices(cacheDir: string): Promise<MachineIndices> {
  const held = await packagesFiles([]);
  if (held.length > 0) return { kind: "found", files: held };
  await mkdir(join(cacheDir, "lists/partial"), { recursive: true });
  const options = privateLists(cacheDir);
  const update = await runProgram("apt-get", [...options, "update"], { timeoutMs: 120_000 });
  const fetched = await packagesFiles(options);
  if (fetched.length > 0) return { kind: "found", files: fetched };
  const problem = /^(?:E|W|Err): ?.*$/m.exec(update.output)?.[0] ?? "no source of this machine is Debian's";
  return { kind: "none", reason: `apt has no Packages of Debian here: ${problem}` };
}

/** The options of an apt that has its lists below `cacheDir`. */
export const privateLists = (cacheDir: string): readonly string[] =>
  [
    `Dir::State::lists=${join(cacheDir, "lists")}`,
    `Dir::Cache=${cacheDir}`,
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
    "Acquire::Retries=0",
  ].flatMap((option) => ["-o", option]);

/** Returns the decompressed bytes of a file in apt's lists. */
export async function readList(file: string): Promise<Buffer> {
  const { exitCode, stdout, output } = await runProgram("/usr/lib/apt/apt-helper", ["cat-file", file]);
  if (exitCode !== 0) throw new Error(`apt-helper cannot read ${file}: ${output.slice(-500)}`);
  return stdout;
}

async function packagesFiles(options: readonly string[]): Promise<string[]> {
  const filters = ["--format", "$(FILENAME)", "Created-By: Packages", "Origin: Debian"];
  const { stdout } = await runProgram("apt-get", [...options, "indextargets", ...filters]);
  return stdout
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(file));
}
