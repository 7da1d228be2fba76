/**
 * Writes which functions of each part the commands below run: the first arguments are the directory of the scripts, a
 * workplace that code-caches.ts has filled, and the file to write. The program of a process.
 */
import { chownSync, existsSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Script } from "node:vm";
import type * as Main from "../../src/main.ts";
import { serveDirectory } from "../../test/support/static-server.ts";
import { openInspector } from "./inspector.ts";
import { openParts } from "./open-parts.ts";
import { nameOf, readScript } from "./read-script.ts";

const [scriptsDirectory = "", workplace = "", output = "", ...parts] = process.argv.slice(2);

const inspect = openInspector();
inspect("Profiler.enable");
inspect("Profiler.startPreciseCoverage", { callCount: false, detailed: false });

const scripts = new Map(parts.map((part) => [part, readScript(scriptsDirectory, part)]));

function scriptOf(part: string): Script {
  const script = scripts.get(part);
  if (script === undefined) throw new Error(`there is no part "${part}"`);
  return script;
}

const fromPart = openParts(scriptOf, createRequire(import.meta.url), import.meta.filename);

/** Runs a command line in this process, as the executable would. */
async function run(...args: readonly string[]): Promise<void> {
  process.argv = [process.execPath, "mirrorctl", ...args];
  const { main } = fromPart("start", "src/main.ts") as typeof Main;
  await main();
  if (process.exitCode !== 0) throw new Error(`mirrorctl ${args.join(" ")}: exit status ${process.exitCode}`);
}

/** The user that nobody is, see user_namespaces(7). */
const nobody = 65_534;

const served = join(workplace, "served");

function serve(revision: number): void {
  symlinkSync(String(revision), `${served}.new`);
  renameSync(`${served}.new`, served);
}

const mirrorOf = (id: string, url: string, more = ""): string => `
[mirrors.${id}]
url = "${url}"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${workplace}/key.asc"
${more}`;

const snapshots = `
[snapshot]
default_name_format = "2006-01-02T15-04-05.000Z"
[snapshot.prune]
keep_last = 1`;

/** What administrators and their timers run most. */
async function runCommands(url: string): Promise<void> {
  const configFile = join(workplace, "mirror.toml");
  const configure = (text: string): void => writeFileSync(configFile, `dir = "${workplace}/www"\n${text}`);
  process.env["MIRRORCTL_CONFIG"] = configFile;
  configure(mirrorOf("plain", url));
  serve(1);
  process.argv = [process.execPath, "mirrorctl"];
  fromPart("completion", "src/complete.ts");
  for (const argument of ["version", "--help"]) await run(argument);
  await run("check", "config");
  await run("sync", "--dry-run");
  for (const revision of [1, 2, 3]) {
    serve(revision);
    await run("sync");
  }
  await run("sync");
  await run("sync", "--dry-run");
  await run("status");
  configure(`${snapshots}${mirrorOf("frozen", url, "publish_to_staging = true")}`);
  await run("sync");
  await run("snapshot", "promote", "frozen");
  serve(4);
  await run("sync");
  await run("snapshot", "list", "frozen");
  for (const command of ["status", "history", "metrics"]) await run(command);
}

/** The program does more as root: without this, the executable would depend on who builds it. */
async function withoutRoot(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  chownSync(workplace, nobody, nobody);
  setUser(nobody);
  if (!existsSync(join(workplace, "key.asc"))) setUser(0); // below a directory of root alone
  await work();
  setUser(0);
}

function setUser(id: number): void {
  process.seteuid?.(0);
  process.setegid?.(id);
  process.seteuid?.(id);
}

const server = await serveDirectory(served);
await withoutRoot(() => runCommands(server.url));
await server.close();

const coverage = inspect("Profiler.takePreciseCoverage").result;
const recorded = parts.map((part) => {
  const functions = coverage.filter(({ url }) => url === nameOf(part)).flatMap((script) => script.functions);
  const ends = functions.flatMap(({ ranges: [range] }) => (range?.count ? [range.endOffset] : []));
  return [part, ends.toSorted((a, b) => a - b)] as const;
});
writeFileSync(output, JSON.stringify(Object.fromEntries(recorded)));
process.exit(0); // all is written, and what a command left open must not keep the build waiting
