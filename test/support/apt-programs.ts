import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type AptKind, aptCommand } from "./apt-kinds.ts";
import { systemPath } from "./run-program.ts";

/**
 * Returns a PATH on which `apt-get` and `apt-cache` are those of a kind. `dir` gets scripts that enter its root, each
 * `through` another program if that is given.
 */
export async function aptOnPath(
  kind: AptKind,
  dir: string,
  through: readonly string[] = [],
): Promise<string> {
  if (kind === "host" && through.length === 0) return systemPath;
  await mkdir(dir, { recursive: true });
  for (const tool of ["apt-get", "apt-cache"]) {
    const inRoot = aptCommand(kind, [kind === "host" ? `/usr/bin/${tool}` : tool], here);
    const words = [...through, ...inRoot].map((word) => (word === here ? here : quote(word)));
    await writeFile(join(dir, tool), `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`);
    await chmod(join(dir, tool), 0o755);
  }
  return [dir, systemPath].join(delimiter);
}

/** The directory in which the script is called. */
const here = '"$PWD"';

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
