/** Why a damaged file could not be repaired. `reason` is the message of the error. */
export type LeftReason =
  /** The bytes that were obtained are wrong. */
  | { readonly kind: "bytes-refused"; readonly reason: string; readonly digest: string | undefined }
  /** No tree has the right bytes, and upstream no longer has them. */
  | {
      readonly kind: "lost";
      readonly status: number;
      readonly url: string;
      readonly digest: string | undefined;
    }
  | { readonly kind: "failed"; readonly reason: string; readonly hint: string | undefined }
  | { readonly kind: "disk-full"; readonly reason: string }
  /** This user may not write there. */
  | { readonly kind: "denied"; readonly reason: string }
  | { readonly kind: "disk-fault"; readonly reason: string }
  /** Somebody else put something there. */
  | { readonly kind: "in-the-way" }
  /** Nothing says that mirrorctl made the snapshot. */
  | { readonly kind: "not-ours" }
  /** `date` is that of the Release; undefined if it was not recorded. */
  | { readonly kind: "release-lost"; readonly date: string | undefined };

export interface LeftText {
  readonly reason: string;
  readonly todo: string;
}

export function leftText(left: LeftReason): LeftText {
  switch (left.kind) {
    case "bytes-refused":
      return { reason: left.reason, todo: fromBackup(left.digest) };
    case "lost":
      return {
        reason: `no tree has the right bytes, and upstream no longer has them (${left.status} at ${left.url})`,
        todo: fromBackup(left.digest),
      };
    case "failed":
      return { reason: left.reason, todo: left.hint ?? "Repair again when upstream can be reached." };
    case "disk-full":
      return { reason: left.reason, todo: "The disk is full: free space, then repair again." };
    case "denied":
      return { reason: left.reason, todo: "Repair as the user that owns the trees and may write them." };
    case "disk-fault":
      return { reason: left.reason, todo: "Check the disk and what is in the way, then repair again." };
    case "in-the-way":
      return {
        reason: "mirrorctl did not put that there, and leaves it alone",
        todo: "Move it away, then repair again.",
      };
    case "not-ours":
      return {
        reason: "nothing says that mirrorctl made this snapshot: its record in .meta is lost",
        todo: "To repair it anyway, give its name to the command.",
      };
    case "release-lost":
      return {
        reason:
          left.date === undefined
            ? "the Date of its Release was not recorded"
            : `neither another tree nor upstream has the Release of ${left.date}, signed by a key of this mirror`,
        todo: 'Sync, and promote a snapshot of what upstream has now. Then remove this one with "mirrorctl snapshot delete".',
      };
  }
}

function fromBackup(digest: string | undefined): string {
  const which = digest === undefined ? "" : ` (${digest})`;
  return `Put a copy from a backup in its place${which}, and repair again; or sync, promote a new snapshot, and delete this one.`;
}
