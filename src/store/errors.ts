import { MirrorctlError } from "../errors.ts";

export type StoreCode = "DISK_FULL" | "NO_HARD_LINKS" | "TEMPORARY_IN_DIR";

/** The disk, or what stands on it, does not allow what was asked. */
export class StoreError extends MirrorctlError<StoreCode> {
  override readonly area = "store";
}
