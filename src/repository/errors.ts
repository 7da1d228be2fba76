import { MirrorctlError } from "../errors.ts";

export type RepositoryCode =
  | "STANZA_MALFORMED"
  | "STANZA_TOO_LARGE"
  | "FIELD_MISSING"
  | "FIELD_MALFORMED"
  | "DIGEST_MALFORMED"
  | "DIGEST_MISSING"
  | "PATH_UNSAFE"
  | "PATH_CONFLICT"
  | "ARCHITECTURE_NOT_LISTED"
  | "SECTION_NOT_LISTED";

/** The metadata does not say what the format requires. */
export class RepositoryError extends MirrorctlError<RepositoryCode> {
  override readonly area = "repository";
}
