import { basename, join } from "node:path";
import { objectPath } from "../../../layout.ts";
import { paced } from "../../../platform/flow/paced.ts";
import { type Inode, inodeIfAny } from "../../../platform/look.ts";
import { parseSha256 } from "../../../repository/index.ts";
import { walkPaths } from "../../../snapshot/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { VerifiableTree } from "../checks/tree.ts";
import type { DamagedContent } from "./damaged-content.ts";
import type { RepairPorts } from "./repair-ports.ts";

/** A damaged content, and what all trees have of it. */
export interface SurveyedContent extends DamagedContent {
  /** Absolute paths of files that may have the right bytes: one for each inode. */
  readonly candidates: readonly string[];
  /** The files with wrong bytes. */
  readonly damagedFiles: readonly DamagedFile[];
}

/** A file with wrong bytes, under every name that it has in trees. */
export interface DamagedFile {
  readonly inode: Inode;
  readonly names: readonly NameInTree[];
  /** How many names it has outside the trees of this configuration. */
  readonly namesElsewhere: number;
  /** The store named it as the content: every tree got it as that. */
  readonly wasNamed: boolean;
  /** It has the bytes of another object: a good file in a wrong place. */
  readonly isAnother: boolean;
}

/** A name of a file in a tree. */
export interface NameInTree {
  readonly tree: string;
  readonly path: string;
  /** The check found the damage here, in a file of the tree itself. Other names may be of files that a tree carries. */
  readonly isOwn: boolean;
  /** It is known that mirrorctl made the tree. */
  readonly isOurs: boolean;
}

/** Walks every tree once, and finds the names of damaged files and files that may have the right bytes. */
export async function surveyTrees(
  ports: RepairPorts,
  contents: readonly DamagedContent[],
): Promise<readonly SurveyedContent[]> {
  const { names, candidates } = await walkTrees(ports, contents);
  const expected = new Set(contents.map(({ file }) => file.digests.sha256));
  const surveyed: SurveyedContent[] = [];
  for (const content of contents) {
    const damagedFiles: DamagedFile[] = [];
    for (const inode of inodesOf(content)) {
      const [first, ...others] = names.get(inode.id) ?? [];
      if (first === undefined) continue; // it has lost its names since the check
      damagedFiles.push(await describeDamaged(ports, content, inode, [first, ...others], expected));
    }
    const similar = candidates.get(candidateKey(content))?.values() ?? [];
    surveyed.push({ ...content, candidates: [...similar], damagedFiles });
  }
  return surveyed;
}

/** Returns every tree of these mirrors that is complete. */
export async function treesOf(
  mirrors: readonly Pick<MirrorContext, "working" | "catalog">[],
): Promise<readonly Pick<VerifiableTree, "path" | "isOurs">[]> {
  const trees: Pick<VerifiableTree, "path" | "isOurs">[] = [];
  for (const { working, catalog } of mirrors) {
    trees.push(...working.generations().map(({ path }) => ({ path, isOurs: true })));
    trees.push(...(await catalog.list()).map(({ path, recorded }) => ({ path, isOurs: recorded })));
  }
  return trees;
}

const inodesOf = ({ damages }: DamagedContent): Iterable<Inode> =>
  new Map(damages.flatMap(({ inode }) => (inode === undefined ? [] : [[inode.id, inode]]))).values();

/** Files of the same size may have the right bytes; if it is not known, files of the same name. */
const candidateKey = ({ file }: DamagedContent): number | string => file.sizeBytes ?? basename(file.path);

/**
 * Returns the names of damaged files by the id of their inode, with those of carried files, and paths of candidates by
 * their key and the id of their inode.
 */
async function walkTrees({ mirrors, signal }: RepairPorts, contents: readonly DamagedContent[]) {
  const ids = contents.flatMap((content) => [...inodesOf(content)]).map(({ id }) => id);
  const names = new Map(ids.map((id) => [id, new Array<NameInTree>()]));
  const candidates = new Map(contents.map((content) => [candidateKey(content), new Map<string, string>()]));
  for (const { path: tree, isOurs } of await treesOf(mirrors)) {
    for await (const path of paced(walkPaths(tree), signal)) {
      const absolute = join(tree, path);
      const inode = inodeIfAny(absolute);
      if (inode === undefined) continue;
      const damaged = names.get(inode.id);
      damaged?.push({ tree, path, isOwn: false, isOurs });
      if (damaged !== undefined) continue;
      for (const key of [inode.sizeBytes, basename(path)]) {
        const similar = candidates.get(key);
        if (similar?.has(inode.id) === false) similar.set(inode.id, absolute);
      }
    }
  }
  return { names, candidates };
}

async function describeDamaged(
  { digests, objects, layout, wasNamed }: RepairPorts,
  { file }: DamagedContent,
  inode: Inode,
  names: readonly [NameInTree, ...NameInTree[]],
  expected: ReadonlySet<string | undefined>,
): Promise<DamagedFile> {
  const path = join(names[0].tree, names[0].path);
  const listed = file.digests.sha256;
  const object =
    listed === undefined ? undefined : inodeIfAny(objectPath(layout.objects, parseSha256(listed)));
  const namesInStore = object?.id === inode.id ? 1 : 0;
  const namesElsewhere = (inodeIfAny(path)?.names ?? 0) - namesInStore - names.length;
  if (wasNamed(inode.id)) return { inode, names, namesElsewhere, wasNamed: true, isAnother: false };
  const found = (await digests.find(path, inode, file.digests))?.sha256;
  const isAnother =
    found !== undefined && found !== listed && (expected.has(found) || objects.has(parseSha256(found)));
  return { inode, names, namesElsewhere, wasNamed: false, isAnother };
}
