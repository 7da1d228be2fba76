import { realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOwnFiles, type Tree } from "../disk-state.ts";
import type { MirrorId } from "./moves.ts";
import { syncAll, type WalkedSite } from "./walked-site.ts";

/** What a first sync makes of an upstream, into an empty directory: what any later one has to make, too. */
export class FreshTrees {
  /** By what decides about a tree. */
  readonly #trees = new Map<string, Tree>();

  async read(site: WalkedSite, id: MirrorId): Promise<Tree> {
    const key = JSON.stringify([site.origin.revision, site.selections[id]]);
    const known = this.#trees.get(key);
    if (known !== undefined) return known;
    const dir = site.bed.join("fresh");
    {
      await using app = await site.openFresh(id, dir);
      await syncAll(app, [id]);
    }
    const tree = readOwnFiles(realpathSync(join(dir, id, ".live")));
    rmSync(dir, { recursive: true });
    this.#trees.set(key, tree);
    return tree;
  }
}
