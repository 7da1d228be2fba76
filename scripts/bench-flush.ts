/** Measures the cost of flushing a tree to disk before it is shown: `node scripts/bench-flush.ts`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { executable, temporaryDirectory } from "../test/support/index.ts";
import { secondsOfFirstSync, servePackages, writeConfiguration } from "./bench-sync.ts";

const packages = 3_000;
const pairs = 7;

await using directory = await temporaryDirectory("mirrorctl-bench-", process.cwd()); // on a disk, where /tmp may be none
await using server = await servePackages(directory, packages);
writeConfiguration(directory, server.url);
mkdirSync(directory.join("bin"));
symlinkSync("/bin/true", directory.join("bin/sync")); // in place of coreutils' command
const withoutFlush = { ...process.env, PATH: `${directory.join("bin")}:${process.env["PATH"]}` };

const ratios: number[] = [];
for (let pair = 0; pair <= pairs; pair++) {
  const flushed = await timed(process.env);
  const unflushed = await timed(withoutFlush);
  if (pair > 0) ratios.push(flushed / unflushed); // the first pair warms up
}
const [median] = ratios.toSorted((a, b) => a - b).slice(pairs >> 1);
const all = ratios.map((ratio) => ratio.toFixed(2)).join(", ");
console.log(
  `a first sync of ${packages} packages takes ${median?.toFixed(2)} times what it takes unflushed (${all})`,
);

/** What earlier runs left to be written has been written by then. */
async function timed(env: NodeJS.ProcessEnv): Promise<number> {
  rmSync(directory.join("www"), { recursive: true, force: true });
  execFileSync("/bin/sync");
  return await secondsOfFirstSync(executable, directory, env);
}
