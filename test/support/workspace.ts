import { readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "smol-toml";
import { hasCode } from "../../src/errors.ts";
import { assertBuilt, type CommandResult, type RunningCommand, startExecutable } from "./executable.ts";
import { type FakeUpstream, fakeUpstream } from "./fake-upstream.ts";
import { systemPath } from "./run-program.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";
import { type StaticServer, serveDirectory } from "./static-server.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";
import { listFiles, readTree } from "./trees.ts";

/** The keys and tables of a configuration, as in TOML. `mirrors` may leave out what is filled in for each. */
export interface WorkspaceConfig {
  readonly mirrors?: Readonly<Record<string, MirrorSettings>>;
  readonly [key: string]: unknown;
}

/** undefined takes out what would be filled in. */
export type MirrorSettings = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** The run fails the test when it ends otherwise. Default: 0. */
  readonly exitCode?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user; only root may. */
  readonly userId?: number;
  /** See StartOptions. */
  readonly through?: (commandLine: readonly string[]) => readonly string[];
}

/** What clients see at one public name: where its link leads, and the whole tree there. */
export interface ShownTree {
  readonly target: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface Published {
  readonly staging: ShownTree | undefined;
  readonly production: ShownTree | undefined;
  readonly working: ShownTree | undefined;
}

/** A machine of its own for mirrorctl: an upstream with its server and key, a configuration, and the executable. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
  /** `dir` of the configuration. */
  readonly dir: string;
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
  readonly key: SigningKey;
  readonly keyFile: string;
  readonly configFile: string;
  join(...segments: readonly string[]): string;
  /** Writes the configuration anew. */
  configure(config: WorkspaceConfig): Promise<void>;
  /** Runs mirrorctl to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  start(args: readonly string[], options?: Omit<RunOptions, "exitCode">): RunningCommand;
  published(id: string): Promise<Published>;
  /** Every file and link of the workspace, but for locks and state. */
  everything(): Promise<ReadonlyMap<string, string>>;
  /** Downloads and trees of runs that did not end well. */
  leftovers(): Promise<readonly string[]>;
}

/** Makes a workspace whose configuration has the given mirrors. Upstream is empty until `upstream.publish`. */
export async function createWorkspace(config: WorkspaceConfig): Promise<Workspace> {
  assertBuilt();
  const directory = await temporaryDirectory("mirrorctl-e2e-");
  const key = await createSigningKey();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  const server = await serveDirectory(upstream.dir);
  const workspace = openWorkspace(directory, upstream, server, key);
  await writeFile(workspace.keyFile, key.publicKeyArmored);
  await workspace.configure(config);
  return workspace;
}

function openWorkspace(
  directory: TemporaryDirectory,
  upstream: FakeUpstream,
  server: StaticServer,
  key: SigningKey,
): Workspace {
  const dir = directory.join("www");
  const configFile = directory.join("mirror.toml");
  const keyFile = directory.join("archive-key.asc");
  const env = { PATH: systemPath, HOME: directory.path, LC_ALL: "C", MIRRORCTL_CONFIG: configFile };
  const start: Workspace["start"] = (args, options = {}) =>
    startExecutable(args, { ...options, env: { ...env, ...options.env } });
  return {
    path: directory.path,
    join: (...segments) => directory.join(...segments),
    dir,
    upstream,
    server,
    key,
    keyFile,
    configFile,
    configure: (config) => writeFile(configFile, configText(config, { dir, url: server.url, keyFile })),
    start,
    async run(args, { exitCode = 0, ...options } = {}) {
      const result = await start(args, options).ended;
      if (result.exitCode === exitCode) return result;
      const found = `${result.exitCode} instead of ${exitCode}`;
      throw new Error(`mirrorctl ${args.join(" ")}: exit status ${found}\n${result.stderr}${result.stdout}`);
    },
    published: async (id) => ({
      staging: await shownAt(join(dir, id, "staging")),
      production: await shownAt(join(dir, id, "current")),
      working: await shownAt(join(dir, id, ".live")),
    }),
    everything: async () =>
      new Map([...(await readTree(directory.path))].filter(([path]) => !isLockOrState(path))),
    leftovers: async () => (await listFiles(dir)).filter((path) => leftover.test(path)),
    async [Symbol.asyncDispose]() {
      await server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Fast tests sync more than once a second, so names have milliseconds; everything else is as users have it. */
const nameFormat = "2006-01-02T15-04-05.000Z";

function configText(
  { mirrors = {}, snapshot, ...others }: WorkspaceConfig,
  { dir, url, keyFile }: { readonly dir: string; readonly url: string; readonly keyFile: string },
): string {
  const usual = {
    url,
    suites: ["stable"],
    sections: ["main"],
    architectures: ["amd64"],
    pgp_key_path: keyFile,
  };
  const filled = Object.entries(mirrors).map(([id, settings]) => [id, { ...usual, ...settings }]);
  const snapshots =
    snapshot === undefined ? {} : { snapshot: { default_name_format: nameFormat, ...(snapshot as object) } };
  return stringify({ dir, ...others, ...snapshots, mirrors: Object.fromEntries(filled) });
}

async function shownAt(link: string): Promise<ShownTree | undefined> {
  try {
    return { target: await readlink(link), files: await readTree(link) };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const isLockOrState = (path: string): boolean => /(?:^|\/)\.mirrorctl\/(?:locks|state)\//.test(path);

const leftover = /^\.mirrorctl\/partial\/|\.(?:draft|removed|next|new|tmp)(?:\/|$)/;
