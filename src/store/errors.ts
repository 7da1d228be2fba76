import { MirrorctlError } from "../errors.ts";

export type StoreCode = "DISK_FULL" | "NOT_WRITABLE" | "OBJECT_MISSING";

/** The disk, or what stands on it, does not allow what was asked. */
export class StoreError extends MirrorctlError<StoreCode> {
  override readonly area = "store";
}
