import { MirrorctlError } from "../errors.ts";

/** A configuration of another tool cannot be read. */
export class ImportError extends MirrorctlError<"IMPORT_UNREADABLE"> {
  override readonly area = "config";
}
