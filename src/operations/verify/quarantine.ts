import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { objectPath } from "../../layout.ts";
import { inodeIfAny } from "../../platform/files.ts";
import { parseSha256 } from "../../repository/index.ts";
import type { MirrorContext } from "../context.ts";
import type { Damage, OpenTree } from "./checks/findings.ts";

/**
 * Keeps what is damaged out of new trees: the store no longer names it, and a working mirror that has it is marked, so
 * that the next sync makes a tree anew although upstream has nothing new.
 *
 * No lock is taken. Between the look at an object and the removal of its name a sync may have put a good one there,
 * which then is an object no longer, and is fetched once more; the tree that has it keeps it.
 */
export class Quarantine {
  readonly #mirrors: readonly MirrorContext[];
  /** Ids of damaged files that the store named as what they should have been. */
  readonly #named = new Set<string>();
  readonly #marked = new Set<MirrorContext>();

  /** `mirrors` are all that share the store. */
  constructor(mirrors: readonly MirrorContext[]) {
    this.#mirrors = mirrors;
  }

  /** Returns why this user cannot mark the damage, if so. */
  keepOut(context: MirrorContext, tree: OpenTree, damages: readonly Damage[]): string | undefined {
    try {
      for (const damage of damages) {
        this.#disown(context, damage);
        this.#markWherever(context, tree, damage);
      }
      return undefined;
    } catch (error) {
      if (!hasCode(error, "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT")) throw error;
      return error.message;
    }
  }

  /** Every name of such a file was given to it as the object that it should have been. */
  wasNamed(inodeId: string): boolean {
    return this.#named.has(inodeId);
  }

  /** Takes back the marks of this run, when nothing is damaged any longer. */
  lift(): void {
    for (const { memory } of this.#marked) memory.unmarkDamaged();
    this.#marked.clear();
  }

  #disown({ objects, layout }: MirrorContext, { file, inode }: Damage): void {
    if (file.digests.sha256 === undefined || inode === undefined) return;
    const sha256 = parseSha256(file.digests.sha256);
    if (inodeIfAny(objectPath(layout.objects, sha256))?.id !== inode.id) return;
    objects.disown(sha256);
    this.#named.add(inode.id);
  }

  #markWherever(context: MirrorContext, tree: OpenTree, { file, inode }: Damage): void {
    for (const mirror of this.#mirrors) {
      const shown = mirror.working.current();
      if (shown === undefined) continue;
      const isOfTree = tree.isWorkingMirror && mirror.mirror.id === context.mirror.id;
      const shares = inode !== undefined && inodeIfAny(join(shown.path, file.path))?.id === inode.id;
      if (!isOfTree && !shares) continue;
      if (mirror.memory.damagedGeneration() === shown.name) continue;
      mirror.memory.markDamaged(shown.name);
      this.#marked.add(mirror);
    }
  }
}
