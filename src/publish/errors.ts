import { MirrorctlError } from "../errors.ts";

export type PublishCode = "NAME_TAKEN" | "LINK_FOREIGN";

/** A public name cannot be given without touching what is not mirrorctl's. */
export class PublishError extends MirrorctlError<PublishCode> {
  override readonly area = "publish";
}
