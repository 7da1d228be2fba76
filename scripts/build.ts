/** Builds dist/mirrorctl: one executable with Node and the bundled program. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

/** Aliases replace packages only, and not a file of one. */
const withoutHttp2: Plugin = {
  name: "without-http2",
  setup(build_) {
    const path = join(root, "scripts/undici-without-h2.cjs");
    build_.onResolve({ filter: /\/client-h2\.js$/ }, () => ({ path }));
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
  plugins: [withoutHttp2],
  // openpgp reads import.meta.url, which CommonJS does not have.
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { "import.meta.url": "moduleUrl" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

function readBuildFacts(): { readonly version: string; readonly commit: string; readonly time: string } {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { version, commit: readCommit(), time: new Date().toISOString().slice(0, 19) + "Z" };
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

/** Returns the program of the threads that hash files: it is a text in the bundle, since the executable has no files. */
async function bundleHashWorker(): Promise<string> {
  const entryPoints = ["src/platform/hashing/hash-worker.ts"];
  const { outputFiles } = await build({
    ...bundleOptions,
    entryPoints,
    banner: {},
    define: {},
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

async function buildExecutable(): Promise<void> {
  mkdirSync(dist, { recursive: true });
  const executable = join(dist, "mirrorctl");
  const bundle = join(dist, "mirrorctl.cjs");
  const seaConfig = join(dist, "sea-config.json");
  await build({
    ...bundleOptions,
    outfile: bundle,
    define: {
      ...bundleOptions.define,
      MIRRORCTL_BUILD: JSON.stringify(readBuildFacts()),
      MIRRORCTL_HASH_WORKER: JSON.stringify(await bundleHashWorker()),
    },
  });
  const config = {
    main: bundle,
    output: `${executable}.new`,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // Small young generations: a dry run takes a sixth less memory, and lists are read as fast (`make bench ROWS=dry-run`).
    execArgv: ["--no-warnings", "--max-semi-space-size=4"],
    execArgvExtension: "none", // NODE_OPTIONS of the environment is for other programs
  };
  writeFileSync(seaConfig, JSON.stringify(config));
  execFileSync(process.execPath, ["--build-sea", seaConfig], { stdio: "inherit" });
  renameSync(`${executable}.new`, executable); // a running one keeps its inode
  for (const file of [bundle, seaConfig]) rmSync(file);
}

if (import.meta.main) await buildExecutable();
