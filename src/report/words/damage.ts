/** The words for known damage, shared by status, promotion and log messages. */
import { countOf, formatTime } from "../units.ts";

export interface DamageFacts {
  /** When it was last found, and by whom. */
  readonly at: Date;
  readonly by: string;
  /** Undefined where nobody knows how many. */
  readonly files: number | undefined;
  readonly paths: readonly string[];
  /** Why nothing vouches for the tree, where that is so. */
  readonly faults: readonly string[];
}

const pathsMax = 3;

/** "is damaged: 2 files (pool/a.deb, pool/b.deb), found on 2026-05-04 03:02:01 UTC by ada" */
export function damageText({ at, by, files, paths, faults }: DamageFacts): string {
  const found = `found on ${formatTime(at)} by ${by}`;
  if (paths.length === 0 && faults[0] !== undefined) return `cannot be vouched for: ${faults[0]} (${found})`;
  const names = [...paths.slice(0, pathsMax), ...(paths.length > pathsMax ? ["…"] : [])];
  const count = files === undefined ? "some files" : countOf(files, "file");
  return `is damaged: ${count}${names.length === 0 ? "" : ` (${names.join(", ")})`}, ${found}`;
}

/** Without a name, for the working mirror and every snapshot. */
export const repairCommand = (mirror: string, name: string | undefined): string =>
  `mirrorctl snapshot verify ${mirror}${name === undefined ? "" : ` ${name}`} --deep --repair`;
