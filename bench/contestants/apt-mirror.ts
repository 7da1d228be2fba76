import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "../upstream/upstream.ts";
import { type Assignment, connections, type Tool } from "./tool.ts";

/** Verifies neither signatures nor digests. */
export function aptMirror({ dir, url }: Assignment): Tool {
  const configFile = join(dir, "mirror.list");
  const sync = { argv: ["apt-mirror", configFile] };
  return {
    name: "apt-mirror",
    setUp() {
      const settings = { base_path: dir, nthreads: connections, _tilde: 0, run_postmirror: 0 };
      const lines = Object.entries(settings).map(([key, value]) => `set ${key} ${value}`);
      writeFileSync(configFile, [...lines, `deb [arch=amd64] ${url} ${suite} main`, ""].join("\n"));
    },
    firstSync: sync,
    update: sync,
  };
}
