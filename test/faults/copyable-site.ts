/** Sites that can be copied: the state before a verb is made once, and each run gets a copy of it. */
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { MirrorContext } from "../../src/operations/context.ts";
import { type SyncOptions, syncMirrors } from "../../src/operations/sync/index.ts";
import { verifySnapshots } from "../../src/operations/verify/index.ts";
import type { MirrorEvent } from "../../src/report/events.ts";
import { type OpenedApp, openApp } from "../support/open-app.ts";
import { temporaryPath } from "../support/temporary-directory.ts";

export interface SiteOptions {
  readonly url: string;
  readonly keyFile: string;
  /** Added to the tables of the mirror `noble`. */
  readonly extra: string;
}

export class CopyableSite implements AsyncDisposable {
  readonly path: string;
  readonly dir: string;
  readonly events: MirrorEvent[] = [];
  /** Noon, so that no test runs past midnight: snapshots are named after the day. */
  now = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
  readonly #options: SiteOptions;
  readonly #app: OpenedApp;

  private constructor(path: string, options: SiteOptions, app: OpenedApp) {
    this.path = path;
    this.dir = join(path, "www");
    this.#options = options;
    this.#app = app;
  }

  static async make(options: SiteOptions): Promise<CopyableSite> {
    const path = temporaryPath();
    mkdirSync(join(path, "www"));
    return CopyableSite.#open(path, options);
  }

  /** Copies the site to another directory, optionally with another `extra`. */
  async copy(extra = this.#options.extra): Promise<CopyableSite> {
    const path = temporaryPath();
    copyTree(this.path, path);
    const site = await CopyableSite.#open(path, { ...this.#options, extra });
    site.now = this.now;
    return site;
  }

  static async #open(path: string, options: SiteOptions): Promise<CopyableSite> {
    // The app needs the clock of the site, and the site needs the app.
    const holder: { site?: CopyableSite } = {};
    const app = await openApp(
      {
        path: join(path, "mirror.toml"),
        text: configText(path, options),
        emit: (event) => void holder.site?.events.push(event),
      },
      { now: () => holder.site?.now ?? new Date() },
    );
    holder.site = new CopyableSite(path, options, app);
    return holder.site;
  }

  mirror(id: string): MirrorContext {
    return this.#app.mirror(id);
  }

  /** Syncs as the command would. Throws if the sync fails. */
  async sync(id: string, options: Partial<SyncOptions> = {}): Promise<void> {
    const all = { force: false, noPgpCheck: false, ...options };
    const [outcome] = await syncMirrors([this.mirror(id)], this.#app.app.openSyncPorts, all);
    if (outcome?.kind === "failed") throw outcome.error;
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
    rmSync(this.path, { recursive: true });
  }
}

function configText(path: string, { url, keyFile, extra }: SiteOptions): string {
  const mirrorTable = (id: string): string => `[mirrors.${id}]
url = "${url}"
suites = ["${id}"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${keyFile}"
`;
  return `dir = "${join(path, "www")}"
${mirrorTable("noble")}${extra}\n${mirrorTable("jammy")}`;
}

/** Copies a directory with its hard links and symbolic links. */
function copyTree(from: string, to: string, copies = new Map<number, string>()): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
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

/** Other people's files below the site's directory, some of them in mirrorctl's own directories. */
export const foreignFiles: readonly string[] = [
  "www/README",
  "www/noble/robots.txt",
  "www/noble/.htaccess",
  "www/.snapshots/noble/theirs/dists/noble/Release",
  "www/.snapshots/noble/notes.json",
  "www/.snapshots/noble/.meta/README",
  "www/.snapshots/noble/.theirs/kept",
  "www/.mirrorctl/README",
];

export function putForeignFiles(site: CopyableSite): void {
  for (const path of foreignFiles) {
    const target = join(site.path, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `somebody's ${path}\n`);
  }
  symlinkSync("../README", join(site.dir, "noble/theirs"));
}
