/** Builds dist/mirrorctl: one executable with Node and the bundled program. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { completing } from "../src/completion/index.ts";
import { sameSeed, writeScripts } from "./executable/code-caches.ts";
import { bundleParts } from "./executable/parts.ts";
import { openpgpWithoutTables } from "./openpgp-without-tables.ts";

const root = join(import.meta.dirname, "..");

/** Aliases replace packages only, and not a file of one. */
const withoutHttp2: Plugin = {
  name: "without-http2",
  setup(build_) {
    const path = join(root, "scripts/undici-without-h2.cjs");
    build_.onResolve({ filter: /\/client-h2\.js$/ }, () => ({ path }));
  },
};

/** Commander has it for commands that are programs of their own, and none is. It is a twentieth of a short command. */
const withoutPrograms: Plugin = {
  name: "without-programs",
  setup(build_) {
    build_.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/node_modules/commander/") ? { path: "nothing", namespace: "nothing" } : undefined,
    );
    build_.onLoad({ filter: /^/, namespace: "nothing" }, () => ({ contents: "export default {};" }));
  },
};

/** The test of start-up bundles with these too. */
export const bundleOptions = {
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  bundle: true,
  platform: "node",
  target: "node26",
  format: "cjs",
  // Dynamic imports stay dynamic: `version` does not parse what `sync` needs.
  // Names are not minified, because errors and stacks show them and `keepNames` costs time at each start.
  minifySyntax: true,
  minifyWhitespace: true,
  alias: { undici: join(root, "scripts/undici-client.cjs") },
  plugins: [withoutHttp2, withoutPrograms, openpgpWithoutTables],
  // openpgp reads import.meta.url, which CommonJS does not have.
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { "import.meta.url": "moduleUrl" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** For the executable, which has them inside, and for the npm package, which names them to Node. */
export const nodeFlags = ["--no-warnings"];

/** What `version` says. */
interface BuildFacts {
  readonly version: string;
  readonly commit: string;
  readonly time: string;
}

function readBuildFacts(): BuildFacts {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { version, commit: readCommit(), time: sourceDate().toISOString().slice(0, 19) + "Z" };
}

/** Returns the time of the last commit, so that two builds are equal, or of now in a source archive. */
export function sourceDate(): Date {
  const { SOURCE_DATE_EPOCH: given } = process.env; // reproducible-builds.org
  if (given !== undefined) return new Date(Number(given) * 1000);
  try {
    const seconds = execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, stdio: "pipe" });
    return new Date(Number(seconds.toString()) * 1000);
  } catch {
    return new Date();
  }
}

/** Returns "unknown" in a source archive, which has no git history. */
function readCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root, stdio: "pipe" })
      .toString()
      .trim();
  } catch {
    return "unknown";
  }
}

/** Returns a program that is a text in the bundle, since the executable has no files. */
async function bundleText(entryPoint: string, options: Partial<BuildOptions>): Promise<string> {
  const { outputFiles } = await build({
    ...bundleOptions,
    entryPoints: [entryPoint],
    ...options,
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

/** Returns the program of a thread. */
const bundleThread = (entryPoint: string): Promise<string> =>
  bundleText(entryPoint, { banner: {}, define: {} });

/** Returns what runs before anything else of the bundle is loaded: completion, and then nothing else. */
async function bundleCompletion(): Promise<string> {
  const program = await bundleText("src/complete.ts", { format: "iife", banner: {} });
  return `if (process.argv[2] === ${JSON.stringify(completing)}) { ${program} return; }`;
}

/** Returns what the program has in place of names: what it is, and the programs of its threads. */
async function definitions(facts: BuildFacts): Promise<Record<string, string>> {
  return {
    ...bundleOptions.define,
    MIRRORCTL_BUILD: JSON.stringify(facts),
    MIRRORCTL_HASH_WORKER: JSON.stringify(await bundleThread("src/platform/hashing/hash-worker.ts")),
    MIRRORCTL_KEEPING_WORKER: JSON.stringify(await bundleThread("src/store/keeping/keeping-worker.ts")),
    MIRRORCTL_TAKING_WORKER: JSON.stringify(await bundleThread("src/store/taking/taking-worker.ts")),
  };
}

/** Writes the program as one file of JavaScript. */
export async function bundleProgram(outfile: string, facts = readBuildFacts()): Promise<void> {
  await build({
    ...bundleOptions,
    outfile,
    banner: { js: `${await bundleCompletion()}${bundleOptions.banner.js}` },
    define: await definitions(facts),
  });
}

/** Writes the executable `mirrorctl` into a directory. */
export async function buildExecutable(directory: string, facts = readBuildFacts()): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const executable = join(directory, "mirrorctl");
  const loader = join(directory, "mirrorctl.cjs");
  const seaConfig = join(directory, "sea-config.json");
  const define = { MIRRORCTL_COMPLETING: JSON.stringify(completing) };
  writeFileSync(loader, await bundleText("scripts/executable/loader.ts", { banner: {}, define }));
  const parts = await bundleParts({ ...bundleOptions, define: await definitions(facts) });
  const scripts = await writeScripts(directory, parts);
  const base = makeStrippedNode(directory);
  const config = {
    // Relative, since the executable has the name inside.
    main: basename(loader),
    executable: basename(base),
    output: `${basename(executable)}.new`,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: Object.fromEntries(scripts.map((name) => [name, name])),
    // No flags of V8: with them it refuses the code cache of Node's own modules (src/platform/machine/heap.ts).
    execArgv: nodeFlags,
    execArgvExtension: "none", // NODE_OPTIONS of the environment is for other programs
  };
  writeFileSync(seaConfig, JSON.stringify(config));
  execFileSync(process.execPath, [sameSeed, "--build-sea", seaConfig], { cwd: directory, stdio: "inherit" });
  renameSync(`${executable}.new`, executable); // a running one keeps its inode
  for (const file of [loader, seaConfig, base, ...scripts.map((name) => join(directory, name))]) rmSync(file);
}

/** Returns a copy of Node without debugging symbols, which are a fifth of it; whole if `strip` of binutils is missing. */
function makeStrippedNode(directory: string): string {
  const copy = join(directory, "node");
  copyFileSync(process.execPath, copy);
  const { error, status } = spawnSync("strip", ["--strip-all", copy], { stdio: "inherit" });
  if (error === undefined && status !== 0) throw new Error(`strip ended with status ${status}`);
  return copy;
}

if (import.meta.main) await buildExecutable(join(root, "dist"));
