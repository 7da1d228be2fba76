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
  | "INDEX_UNREADABLE";

/** The metadata does not say what the format requires. */
export class RepositoryError extends MirrorctlError<RepositoryCode> {
  override readonly area = "repository";
}

/** A path whose bytes are not UTF-8: no file can be given that name here. */
export class PathEncodingError extends RepositoryError {
  /** latin1. */
  readonly path: string;

  constructor(path: string, message: string, details: ErrorDetails) {
    super("PATH_UNSAFE", message, details);
    this.path = path;
  }
}

/** What is left to do about a mistake in an index. */
export const tellUpstream = "Such an index cannot be mirrored as it is. Tell whoever runs the upstream.";

/**
 * The same error with the place in front of its message, and `usualHint` where it has none; what is no RepositoryError
 * comes back as it was.
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
