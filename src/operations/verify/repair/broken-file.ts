import type { ListedFile, RepositoryPath } from "../../../repository/index.ts";
import type { Damage, OpenTree } from "../checks/findings.ts";

/** A damage, and the tree that it was found in. */
export interface BrokenName {
  readonly tree: OpenTree;
  readonly damage: Damage;
}

/** The same bytes that are missing or damaged under any number of names. */
export interface BrokenFile {
  readonly file: ListedFile;
  /** Where upstream has it, or had it, below the base URL. */
  readonly sources: readonly RepositoryPath[];
  readonly names: readonly BrokenName[];
  /** The right bytes, where they have been found already. */
  readonly found?: FoundBytes | undefined;
}

export interface FoundBytes {
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
  readonly from: HealthySource;
}

/** Where right bytes came from. */
export type HealthySource = "store" | "tree" | "upstream";

/** One for each content. */
export function groupByContent(broken: readonly BrokenName[]): readonly BrokenFile[] {
  const groups = Map.groupBy(broken, ({ damage }) => contentOf(damage.file));
  return [...groups.values()].flatMap((names) => {
    const [first] = names;
    if (first === undefined) return [];
    const sources = new Set(names.flatMap(({ damage }) => damage.sources));
    return [{ file: first.damage.file, sources: [...sources], names }];
  });
}

function contentOf({ digests, sizeBytes }: ListedFile): string {
  return digests.sha256 ?? digests.sha512 ?? `${digests.sha1} ${digests.md5} ${sizeBytes}`;
}
