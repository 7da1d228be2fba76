import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Assignment, connections, type Tool } from "./tool.ts";

/** The floor: downloads a list of files that somebody else knows, and verifies nothing. */
export function curl({ dir, url, packages }: Assignment): Tool {
  const listFile = join(dir, "files.curl");
  const flags = ["--silent", "--fail", "--create-dirs", "--parallel", "--parallel-max", String(connections)];
  const download = { argv: ["curl", ...flags, "--config", listFile] };
  return {
    name: `curl, ${connections} connections`,
    setUp() {
      const entries = packages.map(
        ({ path }) => `url="${url}/${path}"\noutput="${join(dir, "files", path)}"\n`,
      );
      writeFileSync(listFile, entries.join(""));
    },
    firstSync: download,
    update: download,
  };
}
