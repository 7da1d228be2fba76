import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { listFiles, runProgram, type Workspace } from "../../support/index.ts";
import { type ServedTree, ServedTreeReader } from "../../support/served-tree.ts";
import {
  type Command,
  linkPath,
  type PublicName,
  publicNames,
  type Shown,
  snapshotNames,
  snapshotsPath,
  type World,
} from "./workflow.ts";

/** Sees what clients see, and what stands where they do not look. Whatever does not hold is thrown. */
export class Witness {
  readonly #workspace: Workspace;
  readonly #reader: ServedTreeReader;
  /** Paths of each tree that was seen, by its identity. */
  readonly #paths = new Map<string, readonly string[]>();
  readonly #foreign: readonly string[];

  private constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#reader = new ServedTreeReader({ dir: workspace.path, key: workspace.key, suite: "stable" });
    this.#foreign = this.#lookAtForeign();
  }

  /** Puts other people's files where mirrorctl is going to work. */
  static async call(workspace: Workspace): Promise<Witness> {
    for (const path of foreignFiles) {
      mkdirSync(dirname(join(workspace.dir, path)), { recursive: true });
      writeFileSync(join(workspace.dir, path), `somebody's ${path}\n`);
    }
    symlinkSync("../README", join(workspace.dir, foreignLink));
    await runProgram("sync", ["-f", workspace.dir]);
    return new Witness(workspace);
  }

  /** Reads every tree that anybody may see, as a client does. */
  async look(): Promise<World> {
    if (!isDeepStrictEqual(this.#lookAtForeign(), this.#foreign))
      throw new Error("foreign files were touched");
    const see = async (path: string): Promise<string | undefined> =>
      this.#recognise(await this.#reader.read(path));
    const shown: Partial<Record<PublicName, string | undefined>> = {};
    for (const name of publicNames) shown[name] = await see(linkPath(this.#workspace, name));
    const snapshots: [string, string][] = [];
    for (const name of snapshotNames(this.#workspace))
      snapshots.push([name, (await see(join(snapshotsPath(this.#workspace), name))) ?? ""]);
    return {
      workspace: this.#workspace,
      shown: shown as Shown,
      snapshots,
    };
  }

  /** After a command that has ended well: nothing that it, or one that was killed at the same, has left lying about. */
  async expectNothingLeft({ args: [command, verb = ""] }: Command): Promise<void> {
    const dir = this.#workspace.dir;
    const left = (await listFiles(dir)).filter((path) => leftover.test(path));
    const tidies = command === "sync" || ["create", "delete", "prune"].includes(verb);
    const names = snapshotNames(this.#workspace);
    if (tidies)
      for (const name of readdirSync(join(snapshotsPath(this.#workspace), ".meta")))
        if (!names.includes(name.replace(/\.json$/, ""))) left.push(`.meta/${name}`);
    const trees = readdirSync(join(dir, ".mirrorctl/trees/debian")).filter((name) => name !== ".carried");
    if (command === "sync" && trees.length > 1) left.push(...trees);
    if (left.length > 0) throw new Error(`left over: ${left.join(", ")}`);
  }

  /** Trees of one Release hold the same files. */
  #recognise(tree: ServedTree | undefined): string | undefined {
    if (tree === undefined) return undefined;
    const known = this.#paths.get(tree.identity);
    this.#paths.set(tree.identity, tree.paths);
    if (known === undefined || isDeepStrictEqual(known, tree.paths)) return tree.identity;
    throw new Error(`a tree holds ${tree.paths.join(", ")}, another of the same Release ${known.join(", ")}`);
  }

  #lookAtForeign(): readonly string[] {
    return [...foreignFiles, foreignLink].map((path) => {
      const { ino, mtimeMs, nlink, size } = lstatSync(join(this.#workspace.dir, path));
      return [path, ino, mtimeMs, nlink, size].join(" ");
    });
  }
}

/** Some where mirrorctl works. */
const foreignFiles = [
  "README",
  "debian/robots.txt",
  ".snapshots/debian/theirs/dists/stable/Release",
  ".snapshots/debian/notes",
  ".mirrorctl/README",
];
const foreignLink = "debian/theirs";

const leftover = /^\.mirrorctl\/partial\/|(?:^|\/)\.[^/]+\.(?:draft|removed|next)(?:\/|$)|\/\.probe$/;
