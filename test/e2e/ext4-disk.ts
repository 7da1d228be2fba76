/** A small file system with a fixed number of inodes. */
import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { runProgram } from "../support/index.ts";

export interface Ext4Disk extends AsyncDisposable {
  freeInodes(): number;
  /** Uses inodes until this many are free. */
  leaveInodes(count: number): void;
  /** Frees the inodes that `leave` has used. */
  emptyInodes(): void;
}

/** Mounts one at `top`, which must not exist yet. If nothing can be mounted, skips the test. */
export async function mountExt4(
  { image, top }: { readonly image: string; readonly top: string },
  inodes: number,
  skip: TestContext["skip"],
): Promise<Ext4Disk> {
  writeFileSync(image, "");
  truncateSync(image, 32 << 20);
  const made = await runProgram("mkfs.ext4", ["-q", "-m", "0", "-N", String(inodes), image]);
  if (made.exitCode !== 0) throw new Error(made.output);
  mkdirSync(top);
  const mounted = await runProgram("mount", ["-o", "loop", image, top]);
  if (mounted.exitCode !== 0) {
    writeSync(2, `Skipped, because no small disk can be mounted: ${mounted.output}`); // not every reporter prints the reason of a skip
    return skip(mounted.output);
  }
  const fillers = join(top, "fillers");
  mkdirSync(fillers);
  const freeInodes = (): number => statfsSync(top).ffree;
  const emptyInodes = (): void => {
    rmSync(fillers, { recursive: true });
    mkdirSync(fillers);
  };
  return {
    freeInodes,
    emptyInodes,
    leaveInodes(count) {
      emptyInodes();
      for (let left = freeInodes() - count; left > 0; left--) writeFileSync(join(fillers, String(left)), "");
    },
    async [Symbol.asyncDispose]() {
      const { exitCode, output } = await runProgram("umount", [top]);
      if (exitCode !== 0) throw new Error(output);
    },
  };
}
