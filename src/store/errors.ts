import { MirrorctlError } from "../errors.ts";

export type StoreCode = "DISK_FULL" | "NO_HARD_LINKS" | "TEMPORARY_IN_DIR";

/** The disk, or what is on it, does not allow an operation. */
export class StoreError extends MirrorctlError<StoreCode> {
  override readonly area = "store";
}
