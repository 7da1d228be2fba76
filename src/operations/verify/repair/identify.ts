import { join } from "node:path";
import { inodeIfAny } from "../../../platform/files.ts";
import { readCarried } from "../../../snapshot/index.ts";
import { type BrokenFile, type BrokenName, groupByContent } from "./broken-file.ts";
import { findSignatureFile } from "./find-signature-file.ts";
import { inTheWay, leftBecause, notOurs, releaseNotFound } from "./outcome.ts";
import type { Outcomes, Repair } from "./repair.ts";

/** What is broken still, now that nobody else changes it, and which bytes are wanted in its place: each content once. */
export async function identify(
  repair: Repair,
  found: readonly BrokenName[],
  outcomes: Outcomes,
): Promise<readonly BrokenFile[]> {
  const listed: BrokenName[] = [];
  const signatures: BrokenFile[] = [];
  for (const name of found) {
    if (!(await isStillBroken(repair, name))) continue;
    const { tree, damage } = name;
    if (!tree.isOurs) outcomes.set(damage, notOurs);
    else if (damage.inode?.isFile === false) outcomes.set(damage, inTheWay);
    else if (Object.keys(damage.file.digests).length > 0) listed.push(name);
    else {
      const signature = await lookForSignature(repair, name, outcomes);
      if (signature !== undefined) signatures.push(signature);
      else if (!outcomes.has(damage))
        outcomes.set(damage, releaseNotFound(tree.releases.get(damage.suite ?? "")));
    }
  }
  return [...groupByContent(listed), ...signatures];
}

/** The look that found it was taken without a lock, and perhaps hours ago. */
async function isStillBroken({ verification }: Repair, { tree, damage }: BrokenName): Promise<boolean> {
  const { file, inode } = damage;
  const path = join(tree.path, file.path);
  const there = inodeIfAny(path);
  if (inode === undefined) return there === undefined || readCarried(tree.path).has(file.path);
  if (there?.id !== inode.id) return false;
  const isListed = there.isFile && Object.keys(file.digests).length > 0;
  return !isListed || (await verification.digests.problemOf(path, there, file)) !== undefined;
}

async function lookForSignature(
  repair: Repair,
  name: BrokenName,
  outcomes: Outcomes,
): Promise<BrokenFile | undefined> {
  try {
    return await findSignatureFile(repair, name);
  } catch (error) {
    const left = leftBecause(error, name.damage.file);
    if (left === undefined) throw error;
    outcomes.set(name.damage, left);
    return undefined;
  }
}
