import { join } from "node:path";
import { paced } from "../../../platform/flow/paced.ts";
import { inodeIfAny } from "../../../platform/look.ts";
import { readCarried } from "../../../snapshot/index.ts";
import type { Damage } from "../checks/findings.ts";
import type { InodeDigests } from "../checks/inode-digests.ts";
import { type DamagedContent, groupByContent } from "./damaged-content.ts";
import { findSignatureFile } from "./find-signature-file.ts";
import type { RepairPorts } from "./repair-ports.ts";
import { inTheWay, type LeftDamaged, leftBecause, notOurs, releaseNotFound } from "./repair-result.ts";

/** Returns the damages that still exist, now that locks keep others from changing the trees. */
export async function stillDamaged(
  digests: InodeDigests,
  damages: readonly Damage[],
  signal: AbortSignal,
): Promise<readonly Damage[]> {
  const still: Damage[] = [];
  for await (const damage of paced(damages, signal))
    if (await isStillDamaged(digests, damage)) still.push(damage);
  return still;
}

async function isStillDamaged(digests: InodeDigests, { tree, file, inode }: Damage): Promise<boolean> {
  const path = join(tree.path, file.path);
  const existing = inodeIfAny(path);
  if (inode === undefined) return existing === undefined || readCarried(tree.path).has(file.path);
  if (existing?.id !== inode.id) return false;
  const isListed = existing.isFile && Object.keys(file.digests).length > 0;
  return !isListed || (await digests.problemOf(path, existing, file)) !== undefined;
}

/** Determines the bytes that each damaged name should have, or why it cannot be repaired. */
export async function identify(
  ports: RepairPorts,
  damages: readonly Damage[],
): Promise<{
  readonly contents: readonly DamagedContent[];
  readonly left: ReadonlyMap<Damage, LeftDamaged>;
}> {
  const listed: Damage[] = [];
  const signatures: DamagedContent[] = [];
  const left = new Map<Damage, LeftDamaged>();
  for (const damage of damages) {
    const found = await identifyOne(ports, damage);
    if (found === "listed") listed.push(damage);
    else if ("kind" in found) left.set(damage, found);
    else signatures.push(found);
  }
  return { contents: [...groupByContent(listed), ...signatures], left };
}

async function identifyOne(
  ports: RepairPorts,
  damage: Damage,
): Promise<"listed" | DamagedContent | LeftDamaged> {
  const { tree, file, inode, suite } = damage;
  if (!tree.isOurs) return notOurs;
  if (inode?.isFile === false) return inTheWay;
  if (Object.keys(file.digests).length > 0) return "listed";
  try {
    return (await findSignatureFile(ports, damage)) ?? releaseNotFound(tree.releases.get(suite?.name ?? ""));
  } catch (error) {
    const left = leftBecause(error, file);
    if (left === undefined) throw error;
    return left;
  }
}
