import type { SignaturePolicy } from "../../../trust/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { InodeDigests } from "./inode-digests.ts";

/** One run of checks, over any number of trees of a mirror. */
export interface Verification
  extends Pick<MirrorContext, "mirror" | "working" | "decoderCommands" | "signal" | "emit"> {
  /** The time of the run, for what expires. */
  readonly now: Date;
  /** Read every file; otherwise only those that decide which files there are. */
  readonly deep: boolean;
  /** With `deep`: compare every listed digest, not only those that decide. */
  readonly allDigests: boolean;
  /** Look for files that nothing in the tree lists. That takes a walk over all directories. */
  readonly strangers: boolean;
  readonly digests: InodeDigests;
  /** Undefined if the mirror's signatures are not checked. */
  readonly policy: SignaturePolicy | undefined;
}
