/** A small file system whose files can share blocks. */
import { mkdirSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import type { TestContext } from "vitest";
import { runProgram } from "../support/index.ts";

export interface XfsDisk extends AsyncDisposable {
  readonly top: string;
}

/** Mounts one at `top`, which must not exist yet. If nothing can be mounted, skips the test. */
export async function mountXfs(top: string, skip: TestContext["skip"]): Promise<XfsDisk> {
  const image = `${top}.image`;
  writeFileSync(image, "");
  truncateSync(image, 512 << 20);
  const made = await runProgram("mkfs.xfs", ["-q", "-m", "reflink=1", image]);
  if (made.exitCode !== 0) throw new Error(made.output);
  mkdirSync(top);
  const mounted = await runProgram("mount", ["-o", "loop", image, top]);
  if (mounted.exitCode !== 0) {
    writeSync(2, `Skipped, because no disk can be mounted: ${mounted.output}`); // not every reporter prints the reason of a skip
    return skip(mounted.output);
  }
  return {
    top,
    async [Symbol.asyncDispose]() {
      const { exitCode, output } = await runProgram("umount", [top]);
      if (exitCode !== 0) throw new Error(output);
    },
  };
}
