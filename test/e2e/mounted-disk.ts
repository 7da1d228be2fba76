import { mkdirSync, writeSync } from "node:fs";
import type { TestContext } from "vitest";
import { runProgram } from "../support/index.ts";

export interface MountedDisk extends AsyncDisposable {
  /** Mounts it again with these options, "ro" or "rw" among them. */
  remount(options: string): Promise<void>;
}

/** Mounts a file system in memory at `dir`. If none can be mounted, skips the test. */
export async function mountDisk(
  dir: string,
  options: string,
  skip: TestContext["skip"],
): Promise<MountedDisk> {
  mkdirSync(dir);
  const mounted = await runProgram("mount", ["-t", "tmpfs", "-o", `mode=0755,${options}`, "tmpfs", dir]);
  if (mounted.exitCode !== 0) {
    // Not every reporter prints the reason of a skip.
    writeSync(2, `Skipped, because no disk can be mounted: ${mounted.output}`);
    return skip(mounted.output);
  }
  return {
    remount: (changed) => succeed("mount", ["-o", `remount,${changed}`, dir]),
    [Symbol.asyncDispose]: () => succeed("umount", [dir]),
  };
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runProgram(command, args);
  if (exitCode !== 0) throw new Error(output);
}
