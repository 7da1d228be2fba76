import type { ListedForm, WantedIndex } from "../plan/index.ts";
import { digestAlgorithms, normalizePath, type RepositoryPath, type Suite } from "../repository/index.ts";

/** A form of an index, and a path at which the tree holds it. */
export interface HeldForm extends ListedForm {
  readonly path: RepositoryPath;
}

/** An index that a tree holds in at least one form. */
export interface HeldIndex {
  readonly suite: Suite;
  readonly wanted: WantedIndex;
  /** Its path in the tree without the suffix of a compression, for messages. */
  readonly name: RepositoryPath;
  /** Those that decode fastest first. */
  readonly forms: readonly [HeldForm, ...HeldForm[]];
  /**
   * Names its decompressed bytes: two indices with the same key have the same bytes, in whichever tree, under whichever
   * name and in whichever form. Made of the strongest digest that Release lists, so that nothing is read for it. Without
   * a listed uncompressed form, the key is that of the first compressed one.
   */
  readonly contentKey: string;
}

/** Returns undefined if the tree holds none of its forms. */
export function holdIndex(
  suite: Suite,
  wanted: WantedIndex,
  [first, ...others]: readonly HeldForm[],
): HeldIndex | undefined {
  if (first === undefined) return undefined;
  const name = suite.path(normalizePath(wanted.name));
  return { suite, wanted, name, forms: [first, ...others], contentKey: contentKeyOf(wanted, first) };
}

/** True for an index that lists files of the tree: packages, sources, or images of the installer. */
export const listsFiles = ({ kind, name }: WantedIndex): boolean =>
  kind === "packages" || kind === "sources" || (kind === "installer-images" && name.endsWith("SHA256SUMS"));

function contentKeyOf({ plain }: WantedIndex, held: HeldForm): string {
  const { compression, entry } = plain === undefined ? held : { compression: "plain", entry: plain };
  const algorithm = digestAlgorithms.findLast((name) => entry.digests[name] !== undefined);
  return `${compression} ${algorithm}:${algorithm && entry.digests[algorithm]} ${entry.sizeBytes}`;
}
