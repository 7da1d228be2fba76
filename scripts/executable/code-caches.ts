import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { temporaryDirectory } from "../../test/support/index.ts";
import { parameters } from "./open-parts.ts";
import type { PartSource } from "./parts.ts";
import { nameOf, readSource } from "./read-script.ts";
import { writeRevisions } from "./sample-revisions.ts";

/** V8 draws its hash seed from this, and a code cache is in the order of hashes. */
export const sameSeed = "--random-seed=1";

/** So much memory that none is used again: V8 does not clear it, and the gaps between objects would have what was there. */
const noCollection = [
  "--initial-heap-size=3000",
  "--min-semi-space-size=256",
  "--max-semi-space-size=256",
  "--no-incremental-marking",
  "--no-memory-reducer",
  "--no-flush-bytecode",
];

/** Takes these back: V8 refuses a cache that was written with other flags than its own. The seed is none of them. */
const usualFlags =
  "--initial-heap-size=0 --min-semi-space-size=0 --max-semi-space-size=0 --incremental-marking --memory-reducer --flush-bytecode";

/**
 * Writes the script of each part into a directory, and its code cache: it has the functions that the usual commands run, so
 * that no command of a user compiles them again. Returns the names of the files.
 */
export async function writeScripts(
  directory: string,
  parts: readonly PartSource[],
): Promise<readonly string[]> {
  const names = parts.map(({ name }) => name);
  for (const { name, text } of parts) {
    writeFileSync(join(directory, `${name}.js`), `(function (${parameters}) {${text}\n})`);
  }
  await using workplace = await temporaryDirectory("mirrorctl-build-");
  await writeRevisions(workplace.path);
  const functions = workplace.join("functions.json");
  // This machine must not decide what is run: no other programs, no service manager, no list of users.
  const env = { HOME: workplace.path, LC_ALL: "C", TZ: "UTC", SUDO_USER: "builder" };
  const run = (flags: readonly string[], program: string, ...args: readonly string[]): void => {
    const argv = ["--no-warnings", sameSeed, ...flags, join(import.meta.dirname, program), ...args];
    execFileSync(process.execPath, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
  };
  run([], "record-functions.ts", directory, workplace.path, functions, ...names);
  run(noCollection, "compile-functions.ts", directory, functions, usualFlags, ...names);
  for (const name of names) checkCache(directory, name);
  return names.flatMap((name) => [`${name}.js`, `${name}.cache`]);
}

/** Throws if V8 refuses it: then the executable would be slow, and nothing else would tell. */
function checkCache(directory: string, part: string): void {
  const cachedData = readFileSync(join(directory, `${part}.cache`));
  const script = new Script(readSource(directory, part), { filename: nameOf(part), cachedData });
  if (script.cachedDataRejected === true) throw new Error(`V8 refuses the code cache of the part "${part}"`);
}
