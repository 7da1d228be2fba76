import { MirrorctlError } from "../errors.ts";

/** A client of the mirror could not be run. */
export class ClientError extends MirrorctlError<
  "APT_MISSING" | "APT_FAILED" | "PROFILE_INVALID" | "PROFILE_UNREADABLE"
> {
  override readonly area = "gate";
}
