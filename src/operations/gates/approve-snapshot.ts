import { MirrorctlError } from "../../errors.ts";
import { contentsOf, type Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { requireSnapshot, requireStaged } from "../trees/index.ts";

class ApprovalError extends MirrorctlError<"APPROVAL_UNRECORDED"> {
  override readonly area = "store";
}

export interface ApproveOptions {
  /** Unset: the staged snapshot. */
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
}

type ApprovePorts = Ports<
  "mirror" | "layout" | "catalog" | "publisher" | "history" | "record" | "emit" | "who" | "lockSnapshots"
>;

/** Records that a person approves the contents of a snapshot. */
export async function approveSnapshot(
  ports: ApprovePorts,
  { name: wanted, reason }: ApproveOptions,
): Promise<Snapshot> {
  using _lock = await ports.lockSnapshots("snapshot approve"); // refuses a user who may not write
  const snapshot = wanted === undefined ? await requireStaged(ports) : await requireSnapshot(ports, wanted);
  const { name, meta } = snapshot;
  const unwritten = await ports.record({
    action: "approve",
    result: "done",
    to: name,
    reason,
    details: { kind: "approved", contents: contentsOf(meta) },
  });
  if (unwritten !== undefined) throw notRecorded(ports.mirror.id, name, unwritten.error);
  ports.emit({ type: "snapshot-approved", name, by: ports.who });
  return snapshot;
}

/** A line that cannot be written is a warning elsewhere. Here it is all there is. */
const notRecorded = (id: string, name: string, cause: unknown): ApprovalError =>
  new ApprovalError("APPROVAL_UNRECORDED", `the approval of ${name} of ${id} was not recorded`, {
    hint: "The warning above says why the history could not be written. Approve again after that.",
    cause,
  });
