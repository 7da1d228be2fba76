import { MirrorctlError } from "../errors.ts";

export type PublishCode = "NAME_TAKEN" | "LINK_FOREIGN" | "TREE_UNREADABLE";

/** A tree cannot be shown: something that mirrorctl did not make has the name, or the disk has a fault. */
export class PublishError extends MirrorctlError<PublishCode> {
  override readonly area = "publish";
}
