import { MirrorctlError } from "../errors.ts";

export type SnapshotCode =
  | "SNAPSHOT_NOT_FOUND"
  | "SNAPSHOT_EXISTS"
  | "SNAPSHOT_IN_USE"
  | "SNAPSHOT_NAME_INVALID"
  | "SNAPSHOT_NO_SPACE"
  | "TREE_DAMAGED"
  | "TREE_LINKED"
  | "TREE_UNREADABLE"
  | "NOTHING_STAGED"
  | "NEVER_STAGED"
  | "NOTHING_IN_PRODUCTION"
  | "NO_PREDECESSOR"
  | "NOTHING_SYNCED"
  | "NOT_SERVED"
  | "IMPORT_INSIDE"
  | "NOTHING_TO_IMPORT";

/** A request does not fit the snapshots that exist. */
export class SnapshotError extends MirrorctlError<SnapshotCode> {
  override readonly area = "snapshot";
}

export const nameInvalid = (name: string, fault: string): SnapshotError =>
  new SnapshotError(
    "SNAPSHOT_NAME_INVALID",
    `${JSON.stringify(name)} cannot be the name of a snapshot: it ${fault}`,
    {
      hint: "Use one word of at most 200 bytes without slash or blank that begins with a letter or a digit.",
    },
  );

export const nameTaken = (id: string, name: string): SnapshotError =>
  new SnapshotError("SNAPSHOT_EXISTS", `${id} has a snapshot ${name} already`, {
    hint: "Choose another name, or replace it with --force.",
  });

/** `known`: the names of the snapshots that exist. */
export function notFound(id: string, name: string, known: readonly string[]): SnapshotError {
  const some = `${known.slice(0, 5).join(", ")}${known.length > 5 ? ", …" : ""}`;
  return new SnapshotError("SNAPSHOT_NOT_FOUND", `${id} has no snapshot ${JSON.stringify(name)}`, {
    facts: { snapshots: known },
    hint:
      known.length === 0
        ? `There is none yet. Make one: mirrorctl snapshot create ${id}`
        : `There ${known.length === 1 ? "is" : "are"} ${some}.`,
  });
}
