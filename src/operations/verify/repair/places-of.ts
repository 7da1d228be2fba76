import { join } from "node:path";
import { type Inode, inodeIfAny } from "../../../platform/files.ts";
import { parseSha256 } from "../../../repository/index.ts";
import type { BrokenFile } from "./broken-file.ts";
import { type Evidence, namesToReplace } from "./names-to-replace.ts";
import type { Repair } from "./repair.ts";
import type { Place, Survey } from "./survey-trees.ts";

/** Every name that gets the right bytes: those that were found broken, and the others of the same damaged files. */
export async function placesOf(
  repair: Repair,
  survey: Survey,
  broken: BrokenFile,
): Promise<readonly Place[]> {
  const places = new Map<string, Place>();
  const add = (place: Place): void => void places.set(join(place.tree, place.path), place);
  const damaged = new Map(
    broken.names.flatMap(({ damage: { inode } }) => (inode === undefined ? [] : [[inode.id, inode]])),
  );
  for (const inode of damaged.values()) {
    const names = survey.namesOf(inode.id);
    const [first] = names;
    if (first === undefined) continue;
    const evidence = await evidenceOf(repair, broken, inode, join(first.tree, first.path));
    const { replaced, doubtful } = namesToReplace(broken, names, evidence);
    replaced.forEach(add);
    warnOfOthers(repair, broken, join(first.tree, first.path), names, doubtful, evidence);
  }
  for (const { tree, damage } of broken.names)
    add({ tree: tree.path, path: damage.file.path, isOwn: true, isOurs: true });
  return [...places.values()];
}

async function evidenceOf(
  { verification, guard }: Repair,
  { file }: BrokenFile,
  inode: Inode,
  path: string,
): Promise<Evidence> {
  const wasNamed = guard.wasNamed(inode.id);
  if (wasNamed) return { wasNamed, isAnother: false };
  const found = await verification.digests.find(path, inode, file.digests);
  const sha256 = found?.sha256;
  const isAnother =
    sha256 !== undefined &&
    sha256 !== file.digests.sha256 &&
    verification.context.objects.has(parseSha256(sha256));
  return { wasNamed, isAnother };
}

function warnOfOthers(
  { verification: { context } }: Repair,
  { file }: BrokenFile,
  path: string,
  names: readonly Place[],
  doubtful: readonly Place[],
  { isAnother }: Evidence,
): void {
  for (const { tree, path: name } of doubtful) {
    context.emit({ type: "shared-name-left", path: join(tree, name), damaged: file.path });
  }
  const inode = inodeIfAny(path);
  const elsewhere = (inode?.names ?? 0) - names.length;
  if (isAnother || inode === undefined || elsewhere <= 0) return;
  const [, number = ""] = inode.id.split(":");
  const { dir } = context.layout;
  context.emit({ type: "names-elsewhere", path: file.path, names: elsewhere, dir, inode: number });
}
