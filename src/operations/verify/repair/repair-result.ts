import { hasCode, MirrorctlError } from "../../../errors.ts";
import type { ListedFile } from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { Absent } from "../../sync/index.ts";

/** Where the right bytes of a file were found. */
export type BytesFrom = "store" | "tree" | "upstream";

export type RepairResult =
  | {
      readonly kind: "repaired";
      readonly from: BytesFrom;
      /** How many names got the right bytes. */
      readonly names: number;
    }
  | LeftDamaged;

export interface LeftDamaged {
  readonly kind: "left";
  /** In words, and what to do. */
  readonly reason: string;
  readonly todo: string;
}

/** Returns why a file cannot be repaired, or undefined for an error that must end the run. */
export function leftBecause(error: unknown, file: ListedFile): LeftDamaged | undefined {
  if (error instanceof TrustError) return left(error.message, fromBackup(file));
  if (error instanceof MirrorctlError)
    return left(error.message, error.hint ?? "Repair again when upstream can be reached.");
  if (hasCode(error, "ENOSPC", "EDQUOT"))
    return left(error.message, "The disk is full: free space, then repair again.");
  if (hasCode(error, "EACCES", "EPERM", "EROFS"))
    return left(error.message, "Repair as the user that owns the trees and may write them.");
  if (hasCode(error, "EIO", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EXDEV"))
    return left(error.message, "Check the disk and what is in the way, then repair again.");
  return undefined;
}

export function lostUpstream({ status, url }: Absent, file: ListedFile): LeftDamaged {
  const reason = `no tree has the right bytes, and upstream no longer has them (${status} at ${url})`;
  return left(reason, fromBackup(file));
}

export const inTheWay: LeftDamaged = left(
  "mirrorctl did not put that there, and leaves it alone",
  "Move it away, then repair again.",
);

export const notOurs: LeftDamaged = left(
  "nothing says that mirrorctl made this snapshot: its record in .meta is lost",
  "To repair it anyway, give its name to the command.",
);

export const releaseNotFound = (date: string | undefined): LeftDamaged =>
  left(
    date === undefined
      ? "the Date of its Release was not recorded"
      : `neither another tree nor upstream has the Release of ${date}, signed by a key of this mirror`,
    'Sync, and promote a snapshot of what upstream has now. Then remove this one with "mirrorctl snapshot delete".',
  );

function left(reason: string, todo: string): LeftDamaged {
  return { kind: "left", reason, todo };
}

function fromBackup({ digests }: ListedFile): string {
  const [name, digest] = Object.entries(digests).at(-1) ?? [];
  const which = digest === undefined ? "" : ` (${name} ${digest})`;
  return `Put a copy from a backup in its place${which}, and repair again; or sync, promote a new snapshot, and delete this one.`;
}
