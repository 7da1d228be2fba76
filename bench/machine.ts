import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, release } from "node:os";

const packages = ["apt-mirror", "aptly", "debmirror", "curl", "nginx-light"];

/** Describes what the figures depend on. */
export function describeMachine(): string {
  const format = "${Package} ${Version}\n";
  const versions = execFileSync("dpkg-query", ["--show", `--showformat=${format}`, ...packages]).toString();
  return [`${availableParallelism()} processors`, `Linux ${release()}`, ...versions.trim().split("\n")].join(
    ", ",
  );
}

/**
 * Empties the page cache, as after a boot. A program that was just written is cached in larger pieces than one that was
 * read from disk, so each process maps more of it: 24 MB of an executable of 150 MB. Only root may do that
 * (proc_sys_vm(5), drop_caches).
 */
export function emptyPageCache(): void {
  execFileSync("sync");
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "1");
  } catch (cause) {
    console.error(`the page cache was not emptied, so memory counts more pages of files: ${String(cause)}`);
  }
}
