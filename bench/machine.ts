import { execFileSync } from "node:child_process";
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
