import { dirname, join } from "node:path";
import { objectPath } from "../../src/layout.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import { importSnapshots } from "../../src/operations/import-snapshots/index.ts";
import { type SyncOptions, syncMirrors } from "../../src/operations/sync/index.ts";
import { verifySnapshots } from "../../src/operations/verify/index.ts";
import type { MirrorEvent } from "../../src/report/events.ts";
import { putObject } from "../../src/store/test-support.ts";
import { type OpenedApp, openApp } from "./open-app.ts";
import { temporaryPath } from "./temporary-directory.ts";

/** Node's own: a faulty disk does not count what a test prepares. */
const { copyFileSync, linkSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } =
  process.getBuiltinModule("node:fs");

export interface SiteOptions {
  /** Default: a URL at which nothing listens. */
  readonly url?: string;
  readonly keyFile?: string;
  /** Added to the tables of the mirror `noble`. */
  readonly extra?: string;
}

interface ConfigOptions extends SiteOptions {
  readonly unsigned?: boolean;
}

/** The mirrors "noble" and "jammy" in this process, with a clock and their events. A copy of it starts in the same state. */
export class Site implements AsyncDisposable {
  readonly directory: { readonly path: string; join(...segments: readonly string[]): string };
  /** `dir` of the configuration. */
  readonly dir: string;
  readonly events: MirrorEvent[] = [];
  /** The time of every action. Default: noon, so that no test runs past midnight: snapshots are named after the day. */
  now = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
  readonly #options: SiteOptions;
  readonly #app: OpenedApp;

  private constructor(path: string, options: SiteOptions, app: OpenedApp) {
    this.directory = { path, join: (...segments) => join(path, ...segments) };
    this.dir = join(path, "www");
    this.#options = options;
    this.#app = app;
  }

  static async make(options: SiteOptions = {}): Promise<Site> {
    const path = temporaryPath();
    mkdirSync(join(path, "www"));
    return Site.#open(path, options);
  }

  /** Copies the site to another directory, optionally with another `extra`. */
  async copy(extra = this.#options.extra ?? ""): Promise<Site> {
    const path = temporaryPath();
    copyTree(this.directory.path, path);
    const site = await Site.#open(path, { ...this.#options, extra });
    site.now = this.now;
    return site;
  }

  static async #open(path: string, options: SiteOptions): Promise<Site> {
    // The app needs the clock of the site, and the site needs the app.
    const holder: { site?: Site } = {};
    const app = await openApp(
      {
        path: join(path, "mirror.toml"),
        // Without a key, trees have made-up signatures, and still must pass the gates of a promotion.
        text: configText(join(path, "www"), options.extra, {
          ...options,
          unsigned: options.keyFile === undefined,
        }),
        emit: (event) => void holder.site?.events.push(event),
      },
      { now: () => holder.site?.now ?? new Date() },
    );
    holder.site = new Site(path, options, app);
    return holder.site;
  }

  /** A mirror in a run of its own. */
  mirror(id: string): MirrorContext {
    return this.#app.mirror(id);
  }

  /** All mirrors, in one run. */
  get mirrorsOfRun(): readonly MirrorContext[] {
    return this.#app.mirrors;
  }

  typesOfEvents(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  /** Adds objects, a tree of links to them, and shows it as the working mirror, as a sync would. */
  async addTree(id: string, files: Readonly<Record<string, string>>): Promise<void> {
    const { layout, working, memory, signal } = this.mirror(id);
    const { generation } = working.next(this.now);
    for (const [path, text] of Object.entries(files)) {
      const object = objectPath(layout.objects, putObject(layout.objects, text));
      const target = join(generation.path, path);
      mkdirSync(dirname(target), { recursive: true });
      linkSync(object, target);
    }
    await working.show(generation, { now: this.now, graceMs: 0 }, signal);
    const suites = [{ suite: id, signedBy: ["871920D1991BC93C"] }];
    memory.write({ generation: generation.name, completedAt: this.now.toISOString(), selection: "", suites });
  }

  /** Syncs as the command would. Throws if the sync fails. */
  async sync(id: string, options: Partial<SyncOptions> = {}): Promise<void> {
    const all = { force: false, noPgpCheck: false, ...options };
    const { openSyncPorts, openPortsFrom } = this.#app.app;
    const openPorts = options.from === undefined ? openSyncPorts : openPortsFrom(options.from);
    const [outcome] = await syncMirrors([this.mirror(id)], openPorts, all);
    if (outcome?.kind === "failed") throw outcome.error;
  }

  /** Makes snapshots of trees in a directory. Throws if one is not imported. */
  async importSnapshots(id: string, directory: string): Promise<void> {
    const mirror = this.mirror(id);
    const { openPortsFrom } = this.#app.app;
    const options = { directories: [directory], link: false, dryRun: false };
    const outcomes = await importSnapshots(
      mirror,
      ({ root, moved }) => openPortsFrom(root, moved)(mirror),
      options,
    );
    for (const outcome of outcomes) if (outcome.kind === "refused") throw outcome.error;
  }

  /** Verifies every tree and repairs it. Throws if anything is left damaged, except in other people's directories. */
  async repair(id: string): Promise<void> {
    const ports = { mirrors: [this.mirror(id)], openSyncPorts: this.#app.app.openSyncPorts };
    const options = { deep: true, repair: true };
    const { trees, refusal } = await verifySnapshots(this.mirror(id), ports, options);
    if (refusal !== undefined) throw refusal;
    for (const { damages, faults } of trees.filter(({ name }) => name !== "theirs")) {
      const open = [...damages.filter(({ repaired }) => !repaired), ...faults];
      if (open.length > 0) throw new Error(JSON.stringify(open));
    }
  }

  passHours(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]();
    rmSync(this.directory.path, { recursive: true });
  }
}

/** Returns a configuration of two mirrors, "noble" and "jammy". `extra` is added to the tables of noble. */
export function configText(
  dir: string,
  extra = "",
  { url = "http://127.0.0.1:9/ubuntu", keyFile, unsigned = false }: ConfigOptions = {},
): string {
  const mirrorTable = (id: string): string => `[mirrors.${id}]
url = "${url}"
suites = ["${id}"]
sections = ["main"]
architectures = ["amd64"]
${keyFile === undefined ? "" : `pgp_key_path = "${keyFile}"\n`}${unsigned ? "no_pgp_check = true\n" : ""}`;
  return `dir = "${dir}"\n${mirrorTable("noble")}${extra}\n${mirrorTable("jammy")}`;
}

/** Copies a directory with its hard links and symbolic links. */
function copyTree(from: string, to: string, copies = new Map<number, string>()): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = `${from}/${entry.name}`;
    const target = `${to}/${entry.name}`;
    const stats = lstatSync(source);
    const copy = copies.get(stats.ino);
    if (entry.isDirectory()) {
      mkdirSync(target, { mode: stats.mode });
      copyTree(source, target, copies);
    } else if (entry.isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
    } else if (copy === undefined) {
      copyFileSync(source, target);
      copies.set(stats.ino, target);
    } else linkSync(copy, target);
  }
}
