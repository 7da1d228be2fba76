import { mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { privateLists } from "./machine-indices.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Packages of Debian that the machine's own apt has verified, or the reason why there are none. */
export type MachinePackages =
  | { readonly kind: "found"; readonly files: readonly string[] }
  | { readonly kind: "none"; readonly reason: string };

/**
 * Has apt download packages from the machine's own sources into `cacheDir`, where the next call finds them. `listsDir` is
 * the directory of `machineIndices`, for a machine whose lists were removed.
 */
export async function machinePackages(
  names: readonly string[],
  cacheDir: string,
  listsDir: string,
): Promise<MachinePackages> {
  const held = await debsIn(cacheDir);
  if (names.every((name) => held.some((file) => basename(file).startsWith(`${name}_`))))
    return { kind: "found", files: held };
  await mkdir(dirname(cacheDir), { recursive: true });
  let problem = "";
  for (const options of [["-o", "APT::Sandbox::User=root"], privateLists(listsDir)]) {
    await using next = await temporaryDirectory("machine-packages-", dirname(cacheDir));
    const cwd = next.join("debs");
    await mkdir(cwd);
    const { exitCode, output } = await runProgram("apt-get", [...options, "download", ...names], {
      cwd,
      timeoutMs: 120_000,
    });
    if (exitCode === 0) {
      await rename(cwd, cacheDir);
      return { kind: "found", files: await debsIn(cacheDir) };
    }
    problem = /^E: ?.*$/m.exec(output)?.[0] ?? output.slice(-200);
  }
  return { kind: "none", reason: `apt cannot download ${names.join(", ")}: ${problem}` };
}

async function debsIn(dir: string): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true });
  const names = await readdir(dir);
  return names.filter((name) => name.endsWith(".deb")).map((name) => join(dir, name));
}
