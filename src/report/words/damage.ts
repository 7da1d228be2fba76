/** The words for known damage, for `status`, promotions and the log. */
import { countOf, formatTime } from "../units.ts";

export interface DamageFacts {
  /** Of the last check that found it. */
  readonly at: Date;
  readonly by: string;
  /** Undefined if the number is not known. */
  readonly files: number | undefined;
  readonly paths: readonly string[];
  /** Why the tree as a whole cannot be trusted. */
  readonly faults: readonly string[];
}

const pathsMax = 3;

/** Returns "is damaged: 2 files (pool/a.deb, pool/b.deb), found on 2026-05-04 03:02:01 UTC by ada" */
export function damageText({ at, by, files, paths, faults }: DamageFacts): string {
  const found = `found on ${formatTime(at)} by ${by}`;
  if (paths.length === 0 && faults[0] !== undefined) return `cannot be vouched for: ${faults[0]} (${found})`;
  const names = [...paths.slice(0, pathsMax), ...(paths.length > pathsMax ? ["…"] : [])];
  const count = files === undefined ? "some files" : countOf(files, "file");
  return `is damaged: ${count}${names.length === 0 ? "" : ` (${names.join(", ")})`}, ${found}`;
}

/** Returns the command for one snapshot; without a name, for the working mirror and every snapshot. */
export const repairCommand = (mirror: string, name: string | undefined): string =>
  `mirrorctl snapshot verify ${mirror}${name === undefined ? "" : ` ${name}`} --deep --repair`;
