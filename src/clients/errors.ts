import { MirrorctlError } from "../errors.ts";

/** A client of the mirror could not be run. */
export class ClientError extends MirrorctlError<"APT_MISSING" | "APT_FAILED"> {
  override readonly area = "gate";
}
