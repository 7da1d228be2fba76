import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { listFiles, runProgram, type Workspace } from "../../support/index.ts";
import { type ServedTree, ServedTreeReader } from "../../support/served-tree.ts";
import {
  type Command,
  linkPath,
  type Observed,
  type PublicName,
  publicNames,
  type Shown,
  snapshotNames,
  snapshotsPath,
} from "./workflow.ts";

/** Looks at what clients see, and at the files that they do not see. Throws if something is wrong. */
export class Observer {
  readonly #workspace: Workspace;
  readonly #reader: ServedTreeReader;
  /** Paths of each tree that was seen, by identity. */
  readonly #paths = new Map<string, readonly string[]>();
  readonly #foreign: readonly string[];

  private constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#reader = new ServedTreeReader({ dir: workspace.path, key: workspace.key, suite: "stable" });
    this.#foreign = this.#describeForeignFiles();
  }

  /** Puts other people's files where mirrorctl will work. */
  static async start(workspace: Workspace): Promise<Observer> {
    for (const path of foreignFiles) {
      mkdirSync(dirname(join(workspace.dir, path)), { recursive: true });
      writeFileSync(join(workspace.dir, path), `somebody's ${path}\n`);
    }
    symlinkSync("../README", join(workspace.dir, foreignLink));
    await runProgram("sync", ["-f", workspace.dir]);
    return new Observer(workspace);
  }

  /** Reads every tree that is public or listed, as a client does. */
  async observe(): Promise<Observed> {
    if (!isDeepStrictEqual(this.#describeForeignFiles(), this.#foreign))
      throw new Error("foreign files were touched");
    const identityAt = async (path: string): Promise<string | undefined> =>
      this.#identify(await this.#reader.read(path));
    const shown: Partial<Record<PublicName, string | undefined>> = {};
    for (const name of publicNames) shown[name] = await identityAt(linkPath(this.#workspace, name));
    const snapshots: [string, string][] = [];
    for (const name of snapshotNames(this.#workspace))
      snapshots.push([name, (await identityAt(join(snapshotsPath(this.#workspace), name))) ?? ""]);
    return {
      workspace: this.#workspace,
      shown: shown as Shown,
      snapshots,
    };
  }

  /** Throws if a command that succeeded left temporary files, or did not remove those of an interrupted one. */
  async expectNothingLeft({ args: [command, verb = ""] }: Command): Promise<void> {
    const dir = this.#workspace.dir;
    const left = (await listFiles(dir)).filter((path) => leftover.test(path));
    const tidies = command === "sync" || ["create", "delete", "prune"].includes(verb);
    const names = snapshotNames(this.#workspace);
    if (tidies)
      for (const name of readdirSync(join(snapshotsPath(this.#workspace), ".meta")))
        if (!names.includes(name.replace(/\.json$/, ""))) left.push(`.meta/${name}`);
    if (command === "sync") left.push(...(await this.#otherTrees()));
    if (left.length > 0) throw new Error(`left over: ${left.join(", ")}`);
  }

  /**
   * Returns the trees of the working mirror beside the one that is shown. Throws if the spare, which the next sync shows, is
   * not the same.
   */
  async #otherTrees(): Promise<readonly string[]> {
    const trees = join(this.#workspace.dir, ".mirrorctl/trees/debian");
    const shown = basename(realpathSync(join(this.#workspace.dir, "debian/.live")));
    const names = readdirSync(trees);
    const [spare, list] = [`.${shown}.spare`, `.${shown}.files`];
    if (names.includes(spare)) {
      const carried = carriedBy(join(trees, ".carried", `${shown}.json`));
      const own = (await listFiles(join(trees, shown))).filter((path) => !carried.has(path));
      if (!isDeepStrictEqual(await listFiles(join(trees, spare)), own))
        throw new Error("the spare has other names");
      const inodeOf = (tree: string, path: string): number => lstatSync(join(trees, tree, path)).ino;
      const other = own.find((path) => inodeOf(spare, path) !== inodeOf(shown, path));
      if (other !== undefined) throw new Error(`the spare has another ${other}`);
    }
    return names.filter((name) => ![shown, ".carried", spare, list].includes(name));
  }

  /** Returns the identity of a tree. Throws if another tree of the same Release has other files. */
  #identify(tree: ServedTree | undefined): string | undefined {
    if (tree === undefined) return undefined;
    const known = this.#paths.get(tree.identity);
    this.#paths.set(tree.identity, tree.paths);
    if (known === undefined || isDeepStrictEqual(known, tree.paths)) return tree.identity;
    throw new Error(`a tree has ${tree.paths.join(", ")}, another of the same Release ${known.join(", ")}`);
  }

  #describeForeignFiles(): readonly string[] {
    return [...foreignFiles, foreignLink].map((path) => {
      const { ino, mtimeMs, nlink, size } = lstatSync(join(this.#workspace.dir, path));
      return [path, ino, mtimeMs, nlink, size].join(" ");
    });
  }
}

function carriedBy(record: string): ReadonlySet<string> {
  if (!existsSync(record)) return new Set();
  const { carried } = JSON.parse(readFileSync(record, "utf8")) as { carried: { paths: string[] }[] };
  return new Set(carried.flatMap(({ paths }) => paths));
}

/** Other people's files, some of them in mirrorctl's own directories. */
const foreignFiles = [
  "README",
  "debian/robots.txt",
  ".snapshots/debian/theirs/dists/stable/Release",
  ".snapshots/debian/notes",
  ".mirrorctl/README",
];
const foreignLink = "debian/theirs";

const leftover = /^\.mirrorctl\/partial\/|(?:^|\/)\.[^/]+\.(?:draft|removed|next)(?:\/|$)|\/\.probe$/;
