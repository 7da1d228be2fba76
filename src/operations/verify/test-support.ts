/** Mirrors of a real signed upstream, synced and verified by the commands themselves. Only tests import this. */
import {
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  createSigningKey,
  createTestbed,
  type FakeUpstream,
  listFiles,
  type MirrorSettings,
  type StaticServer,
} from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import { runCommand } from "../../../test/support/run-command.ts";
import { objectPath } from "../../layout.ts";
import type { Host } from "../../platform/machine/host.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import type { VerifyAnswer } from "../../report/json/schemas/verify.ts";
import type { MirrorContext } from "../context.ts";

export interface Mirrors {
  readonly upstream: FakeUpstream;
  readonly server: StaticServer;
  readonly dir: string;
  readonly configFile: string;
  /** The file with upstream's public key, which mirrors trust. */
  readonly keyFile: string;
  /** Replaces the configuration. Each mirror has the usual settings, except for these. */
  configure(mirrors: Readonly<Record<string, MirrorSettings>>, global?: object): void;
  /** Runs a command, and throws if it ends with another status. */
  run(args: readonly string[], status?: number): Promise<{ readonly out: string; readonly log: string }>;
  verify(args: readonly string[], status?: number): Promise<VerifyAnswer>;
  /** Returns the absolute path of a file of a snapshot; without a name, of the working mirror. */
  file(path: string, snapshot?: string, mirror?: string): string;
  /** Returns the absolute path of the object of a file of upstream. */
  object(path: string): string;
  /** Opens the context of a mirror of the configuration. */
  context(id: string): Promise<MirrorContext>;
  /** The person who runs commands. */
  who: string;
  /** Added to the clock of commands. */
  aheadMs: number;
}

export const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
export const toolDeb = "pool/main/t/tool/tool_2.0-1_amd64.deb";
export const packages = "dists/stable/main/binary-amd64/Packages.xz";
export const inRelease = "dists/stable/InRelease";

/** Opens a mirror "m" of a suite with two packages, unless configured otherwise. Nothing is synced yet. */
export async function openMirrors(keyOptions: { readonly expiresAt?: Date } = {}): Promise<Mirrors> {
  const site = await createTestbed({ mirrors: { m: {} } }, { key: await createSigningKey(keyOptions) });
  onTestFinished(() => site[Symbol.asyncDispose]());
  const { dir, upstream, server, configFile, keyFile } = site;
  upstream.suite("stable").addPackage("hello", "1.0-1").addPackage("tool", "2.0-1");
  await upstream.publish();
  const settings: Partial<Host> = {
    env: { PATH: "/usr/bin:/bin" },
    homeDir: site.path,
    now: () => new Date(Date.now() + mirrors.aheadMs),
  };
  const mirrors: Mirrors = {
    who: "ada",
    aheadMs: 0,
    upstream,
    server,
    dir,
    configFile,
    keyFile,
    configure: (tables, global = {}) => site.configure({ ...global, mirrors: tables }),
    async run(args, status = 0) {
      const found = await runCommand(["--config", configFile, ...args], { ...settings, who: mirrors.who });
      if (found.status === status) return { out: found.stdout, log: found.stderr };
      throw new Error(`${args.join(" ")}: status ${found.status}, not ${status}\n${found.stderr}`);
    },
    verify: async (args, status) =>
      JSON.parse((await mirrors.run(["--json", "snapshot", "verify", ...args], status)).out) as VerifyAnswer,
    context: async (id) => (await openApp({ path: configFile }, settings)).mirror(id),
    file: (path, snapshot, mirror = "m") =>
      snapshot === undefined
        ? join(dir, mirror, ".live", path)
        : join(dir, ".snapshots", mirror, snapshot, path),
    object: (path) =>
      objectPath(join(dir, ".mirrorctl/objects/sha256"), digestsOf(readFileSync(upstream.path(path))).sha256),
  };
  return mirrors;
}

/** Opens the same, synced, with a snapshot "one" of "m". */
export async function openSnapshot(configuration?: Parameters<Mirrors["configure"]>): Promise<Mirrors> {
  const mirrors = await openMirrors();
  if (configuration !== undefined) mirrors.configure(...configuration);
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  return mirrors;
}

/** Gives a snapshot of "m" a name that earlier versions allowed. */
export function renameSnapshot({ dir }: Mirrors, from: string, to: string): void {
  const snapshots = join(dir, ".snapshots/m");
  renameSync(join(snapshots, from), join(snapshots, to));
  renameSync(join(snapshots, `.meta/${from}.json`), join(snapshots, `.meta/${to}.json`));
}

/** Changes one bit in the middle, in place. */
export function flipBit(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

export const cutShort = (path: string): void => truncateSync(path, statSync(path).size - 1);

/** Returns the inode, the modification time and the digest of each file below a directory. */
export async function stateOf(dir: string): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>();
  for (const path of await listFiles(dir)) {
    if (/\.mirrorctl\/(?:locks|state)\//.test(path)) continue;
    const stats = lstatSync(join(dir, path));
    const content = stats.isSymbolicLink()
      ? readlinkSync(join(dir, path))
      : digestsOf(readFileSync(join(dir, path))).sha256;
    state.set(path, `${stats.ino} ${stats.mtimeMs} ${content}`);
  }
  return state;
}

/** Removes the facts of the trees of "m" and its snapshot "one", as if an earlier version had made them. */
export function forgetFacts({ dir }: Mirrors, snapshots = join(dir, ".snapshots")): void {
  for (const path of [join(snapshots, "m/.meta/one.json"), join(dir, ".mirrorctl/state/m.json")]) {
    const { facts: _, ...known } = JSON.parse(readFileSync(path, "utf8")) as { facts?: unknown };
    writeFileSync(path, JSON.stringify(known));
  }
}
