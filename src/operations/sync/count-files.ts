import { join } from "node:path";
import { statLinkIfAny } from "../../platform/files.ts";
import { isBinaryPackage } from "../../snapshot/index.ts";
import type { SyncState } from "../../store/index.ts";
import type { ShownTree } from "./spare-tree.ts";

/** Counts the files of a new tree as a walk would, without a look at those that are listed with size and SHA-256. */
export function countFiles({
  generation,
  metadata,
  plan,
  lacking,
}: ShownTree): NonNullable<SyncState["counts"]> {
  const contents = new Map<string, number>();
  let files = 0;
  let packages = 0;
  const count = (path: string): void => {
    if (path.includes("by-hash/")) return;
    files++;
    if (isBinaryPackage(path)) packages++;
  };
  const measure = (path: string): void => {
    const stats = statLinkIfAny(join(generation.path, path));
    if (stats !== undefined) contents.set(`inode ${stats.ino}`, stats.size);
  };
  for (const { path } of metadata) {
    count(path);
    measure(path);
  }
  for (const { path, sizeBytes, digests } of plan.files()) {
    if (lacking.has(path)) continue;
    count(path);
    if (sizeBytes === undefined || digests.sha256 === undefined) measure(path);
    else contents.set(digests.sha256, sizeBytes);
  }
  return { files, packages, sizeBytes: contents.values().reduce((sum, size) => sum + size, 0) };
}
