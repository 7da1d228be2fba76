/** A small file system of its own, with a fixed number of inodes. */
import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { runProgram } from "../support/index.ts";

export interface Ext4Disk extends AsyncDisposable {
  freeInodes(): number;
  /** Leaves so many inodes free. */
  leaveInodes(count: number): void;
  /** Takes away what took the others. */
  emptyInodes(): void;
}

/** Mounted at `top`, which must not exist yet; where nothing can be mounted, the test is skipped. */
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
    writeSync(2, `Skipped, for want of a small disk: ${mounted.output}`); // not every reporter prints why
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
