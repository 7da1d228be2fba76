import { hasCode, MirrorctlError } from "../../../errors.ts";
import type { ListedFile } from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { Absent } from "../../sync/index.ts";
import type { HealthySource } from "./broken-file.ts";

export type RepairOutcome =
  | {
      readonly kind: "repaired";
      readonly from: HealthySource;
      /** How many names were given the right bytes. */
      readonly names: number;
    }
  | {
      readonly kind: "left";
      /** In words, and what to do about it. */
      readonly reason: string;
      readonly todo: string;
    };

/** Undefined for what ends the whole run: it was interrupted, or nobody expects this. */
export function leftBecause(error: unknown, file: ListedFile): RepairOutcome | undefined {
  if (error instanceof TrustError) return { kind: "left", reason: error.message, todo: fromBackup(file) };
  if (error instanceof MirrorctlError)
    return {
      kind: "left",
      reason: error.message,
      todo: error.hint ?? "Repair again when upstream can be asked.",
    };
  if (hasCode(error, "ENOSPC", "EDQUOT"))
    return { kind: "left", reason: error.message, todo: "The disk is full: free space, then repair again." };
  if (hasCode(error, "EACCES", "EPERM", "EROFS"))
    return {
      kind: "left",
      reason: error.message,
      todo: "Repair as the user that owns the trees and may write them.",
    };
  if (hasCode(error, "EIO", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EXDEV"))
    return {
      kind: "left",
      reason: error.message,
      todo: "See to the disk, and to what stands in the way, then repair again.",
    };
  return undefined;
}

export function lostUpstream({ status, url }: Absent, file: ListedFile): RepairOutcome {
  const reason = `no tree has the right bytes, and upstream no longer has them (${status} at ${url})`;
  return { kind: "left", reason, todo: fromBackup(file) };
}

export const inTheWay: RepairOutcome = {
  kind: "left",
  reason: "mirrorctl did not put that there, and leaves it alone",
  todo: "Move it away, then repair again.",
};

export const notOurs: RepairOutcome = {
  kind: "left",
  reason: "nothing says that mirrorctl made this snapshot: its record in .meta is lost",
  todo: "If it is to be repaired all the same, repair it by its name.",
};

export const releaseNotFound = (date: string | undefined): RepairOutcome => ({
  kind: "left",
  reason:
    date === undefined
      ? "nobody recorded which Release this was"
      : `neither another tree nor upstream has the Release of ${date}, signed by a key of this mirror`,
  todo: 'Sync, and promote a snapshot of what upstream has now: "mirrorctl snapshot delete" then takes this one away.',
});

function fromBackup({ digests }: ListedFile): string {
  const [name, digest] = Object.entries(digests).at(-1) ?? [];
  const which = digest === undefined ? "" : ` (${name} ${digest})`;
  return `Put a copy from a backup in its place${which}, and repair again; or sync, promote a new snapshot, and delete this one.`;
}
