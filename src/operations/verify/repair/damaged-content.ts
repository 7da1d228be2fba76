import type { ListedFile, RepositoryPath } from "../../../repository/index.ts";
import type { Damage } from "../checks/findings.ts";
import type { BytesFrom } from "./repair-result.ts";

/** The bytes of one file, which are damaged or missing under any number of names. */
export interface DamagedContent {
  readonly file: ListedFile;
  /** Paths of the file at upstream, below the base URL. */
  readonly sources: readonly RepositoryPath[];
  readonly damages: readonly Damage[];
  /** The right bytes, if they were found already. */
  readonly found?: FoundBytes | undefined;
}

export interface FoundBytes {
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
  readonly from: BytesFrom;
}

/** Groups the damages of files with digests by the bytes that the files should have. */
export function groupByContent(damages: readonly Damage[]): readonly DamagedContent[] {
  const groups = Map.groupBy(damages, ({ file }) => contentOf(file));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sources = new Set(group.flatMap((damage) => damage.sources));
    return [{ file: first.file, sources: [...sources], damages: group }];
  });
}

function contentOf({ digests, sizeBytes }: ListedFile): string {
  return digests.sha256 ?? digests.sha512 ?? `${digests.sha1} ${digests.md5} ${sizeBytes}`;
}
