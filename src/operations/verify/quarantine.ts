import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { objectPath } from "../../layout.ts";
import { paced } from "../../platform/flow/paced.ts";
import { inodeIfAny } from "../../platform/look.ts";
import { parseSha256 } from "../../repository/index.ts";
import type { MirrorContext } from "../context.ts";
import type { Damage } from "./checks/findings.ts";

/**
 * Keeps damaged files out of new trees: removes their names in the store, and marks working mirrors that have one, so that
 * the next sync makes a new tree even if upstream has nothing new.
 *
 * Takes no lock. Between the look at an object and the removal of its name, a sync may have replaced it by a good one. That
 * is then downloaded again, and the tree that has it keeps it.
 */
export class Quarantine {
  readonly #context: MirrorContext;
  readonly #mirrors: readonly MirrorContext[];
  /** Ids of damaged inodes that the store named as what they should have been. */
  readonly #named = new Set<string>();
  readonly #marked = new Set<MirrorContext>();
  /** Mirrors whose spare has a damaged file too. */
  readonly #doubted = new Set<MirrorContext>();

  /** `mirrors` are all that share the store with that of `context`. */
  constructor(context: MirrorContext, mirrors: readonly MirrorContext[]) {
    this.#context = context;
    this.#mirrors = mirrors;
  }

  /** Returns why this user cannot keep them out, if so. */
  async add(damages: readonly Damage[]): Promise<string | undefined> {
    try {
      for await (const damage of paced(damages, this.#context.signal)) {
        this.#disown(damage);
        this.#markAll(damage);
      }
      return undefined;
    } catch (error) {
      if (!hasCode(error, "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT")) throw error;
      return error.message;
    }
  }

  /** Returns true for the id of a damaged inode that every tree got as the object that it should have been. */
  readonly wasNamed = (inodeId: string): boolean => this.#named.has(inodeId);

  /**
   * Removes the spares with damaged files, as the next sync would: otherwise they count as trees of somebody else. For a
   * caller that holds the locks of all mirrors.
   */
  async dropSpares(): Promise<void> {
    for (const { working } of this.#doubted) await working.dropSpare();
    this.#doubted.clear();
  }

  /** Removes the marks of this run: nothing is damaged any longer. */
  lift(): void {
    for (const { memory } of this.#marked) memory.unmarkDamaged();
    this.#marked.clear();
  }

  #disown({ file, inode }: Damage): void {
    if (file.digests.sha256 === undefined || inode === undefined) return;
    const { objects, layout } = this.#context;
    const sha256 = parseSha256(file.digests.sha256);
    if (inodeIfAny(objectPath(layout.objects, sha256))?.id !== inode.id) return;
    objects.disown(sha256);
    this.#named.add(inode.id);
  }

  #markAll({ tree, file, inode }: Damage): void {
    for (const mirror of this.#mirrors) {
      const shown = mirror.working.current();
      if (shown === undefined) continue;
      const isChecked = tree.isWorkingMirror && mirror.mirror.id === this.#context.mirror.id;
      const shares = inode !== undefined && inodeIfAny(join(shown.path, file.path))?.id === inode.id;
      if (!isChecked && !shares) continue;
      mirror.working.doubtSpare(); // a repair replaces the names of a damaged file in the trees that it knows
      this.#doubted.add(mirror);
      if (mirror.memory.damagedGeneration() === shown.name) continue;
      mirror.memory.markDamaged(shown.name);
      this.#marked.add(mirror);
    }
  }
}
