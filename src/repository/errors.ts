import { type ErrorDetails, MirrorctlError } from "../errors.ts";

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
  | "SECTION_NOT_LISTED"
  | "RELEASE_MISSING"
  | "INDEX_UNREADABLE";

/** Metadata that violates its format. */
export class RepositoryError extends MirrorctlError<RepositoryCode> {
  override readonly area = "repository";
}

/** A path whose bytes are not UTF-8: no file here can have that name. */
export class PathEncodingError extends RepositoryError {
  /** As latin1 text. */
  readonly path: string;

  constructor(path: string, message: string, details: ErrorDetails) {
    super("PATH_UNSAFE", message, details);
    this.path = path;
  }
}

/** The hint for a mistake in an index. */
export const tellUpstream = "The index cannot be mirrored as it is. Tell the owner of the upstream.";

/**
 * Returns a RepositoryError with the place in front of its message, and with `usualHint` if it has no hint. Returns any
 * other error as it is.
 */
export function locateError(error: unknown, place: string, usualHint?: string): unknown {
  if (!(error instanceof RepositoryError)) return error;
  const { code, message, facts, hint = usualHint } = error;
  return new RepositoryError(code, `${place}: ${message}`, {
    facts: { place, ...facts },
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
