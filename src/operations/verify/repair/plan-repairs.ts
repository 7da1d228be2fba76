/** Which names get which bytes: pure, over what the survey found. */
import { posix } from "node:path";
import type { MirrorNews } from "../../../report/events.ts";
import type { DamagedContent } from "./damaged-content.ts";
import type { DamagedFile, NameInTree, SurveyedContent } from "./survey-trees.ts";

/** One content that some names must get. */
export interface Repair extends SurveyedContent {
  /** Every name that gets the right bytes. */
  readonly targets: readonly NameInTree[];
  /** Events about names of the damaged files that are left as they are. */
  readonly leftAlone: readonly MirrorNews[];
}

/** `dir` is the directory of the configuration, for a hint. */
export const planRepairs = (contents: readonly SurveyedContent[], dir: string): readonly Repair[] =>
  contents.map((content) => {
    const chosen = content.damagedFiles.map((damagedFile) => ({
      damagedFile,
      ...chooseNames(content, damagedFile),
    }));
    const own = content.damages.map(({ tree, file: { path } }) => ({
      tree: tree.path,
      path,
      isOwn: true,
      isOurs: true,
    }));
    const targets = [...chosen.flatMap(({ replaced }) => replaced), ...own];
    return {
      ...content,
      targets: [...new Map(targets.map((name) => [pathOf(name), name])).values()],
      leftAlone: chosen.flatMap(({ damagedFile, doubtful }) =>
        namesLeft(content, damagedFile, doubtful, dir),
      ),
    };
  });

/**
 * Returns which names of a damaged file get the bytes of a content, and which are left: those in a tree of somebody else,
 * and those that may mean other bytes. A file that is good under its other names must stay what it is under them.
 */
function chooseNames(
  { file, sources, damages }: DamagedContent,
  { names, wasNamed, isAnother }: Pick<DamagedFile, "names" | "wasNamed" | "isAnother">,
): { readonly replaced: readonly NameInTree[]; readonly doubtful: readonly NameInTree[] } {
  const found = new Set(damages.map((damage) => pathOf({ tree: damage.tree.path, path: damage.file.path })));
  const usual = new Set([
    ...Object.values(file.digests),
    ...[...sources, ...damages.map((damage) => damage.file.path)].map((path) => posix.basename(path)),
  ]);
  const isMeant = (name: NameInTree): boolean =>
    found.has(pathOf(name)) ||
    (name.isOurs && !isAnother && (wasNamed || usual.has(posix.basename(name.path))));
  return {
    replaced: names.filter(isMeant),
    doubtful: isAnother ? [] : names.filter((name) => !isMeant(name)),
  };
}

function namesLeft(
  { file: { path } }: DamagedContent,
  { inode, namesElsewhere, isAnother }: DamagedFile,
  doubtful: readonly NameInTree[],
  dir: string,
): readonly MirrorNews[] {
  const left: MirrorNews[] = doubtful.map((name) => ({
    type: "shared-name-left",
    path: pathOf(name),
    damaged: path,
  }));
  const [, number = ""] = inode.id.split(":");
  if (!isAnother && namesElsewhere > 0)
    left.push({ type: "names-elsewhere", path, names: namesElsewhere, dir, inode: number });
  return left;
}

const pathOf = ({ tree, path }: Pick<NameInTree, "tree" | "path">): string => posix.join(tree, path);
