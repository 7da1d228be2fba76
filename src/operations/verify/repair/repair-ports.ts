import type { SignaturePolicy } from "../../../trust/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { RepairSource } from "../../sync/index.ts";
import type { InodeDigests } from "../checks/inode-digests.ts";

/** The caller holds the locks of `mirrors`. */
export interface RepairPorts extends Pick<MirrorContext, "layout" | "objects" | "signal" | "emit"> {
  /** All mirrors that share the store. */
  readonly mirrors: readonly Pick<MirrorContext, "working" | "catalog">[];
  readonly source: RepairSource;
  readonly digests: InodeDigests;
  /** Undefined if the mirror's signatures are not checked. */
  readonly policy: SignaturePolicy | undefined;
  readonly now: Date;
  /** Returns true for the id of an inode that the store named as what it should have been. */
  readonly wasNamed: (inodeId: string) => boolean;
}
