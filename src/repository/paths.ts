import { PathEncodingError, RepositoryError } from "./errors.ts";
import { decodeUtf8, quote } from "./text.ts";

/**
 * A path below the base of a repository that is safe to create. It is normalized, without "./", "//" or a slash at either
 * end; it has no ".." segment, no control character and no backslash, at most 255 bytes in a segment and 2,048 in all.
 */
export type RepositoryPath = string & { readonly brand: "RepositoryPath" };

/** A directory below the base, or the base itself: "". */
export type RepositoryDirectory = RepositoryPath | "";

/**
 * Reads a path of the metadata, which is latin1 text, as UTF-8. Throws PATH_UNSAFE for a path that is not safe to create,
 * an absolute URL, an empty path, and bytes that are not UTF-8. Dots inside a name are legal, as in "a_1..2.deb".
 */
export function parseRepositoryPath(latin1: string): RepositoryPath {
  if (isPlain(latin1)) return latin1;
  return normalizePath(decodePath(latin1));
}

/** The same for a path that is an ordinary string, and not latin1 text. */
export function normalizePath(text: string): RepositoryPath {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) throw unsafePath(text, "is an absolute URL");
  if (text.includes("\\")) throw unsafePath(text, "has a backslash");
  if (/\p{Cc}/u.test(text)) throw unsafePath(text, "has a control character");
  const segments = text.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length === 0) throw unsafePath(text, "names no file");
  if (segments.includes("..")) throw unsafePath(text, 'has a ".." segment');
  if (segments.some((segment) => Buffer.byteLength(segment) > segmentBytesMax)) {
    throw unsafePath(text, `has a segment of more than ${segmentBytesMax} bytes`);
  }
  refuseLong(text);
  return segments.join("/") as RepositoryPath;
}

/** Returns the path of `name` below `directory`; "" is the base. Throws PATH_UNSAFE if both together are too long. */
export function joinPath(directory: RepositoryDirectory, name: RepositoryPath): RepositoryPath {
  if (directory === "") return name;
  const path = `${directory}/${name}`;
  refuseLong(path);
  return path as RepositoryPath;
}

/**
 * Encodes a path for a URL, to be appended to a base URL that ends in "/". (`new URL(path, base)` would read a ":" in the
 * first segment as the end of a scheme.) Leaves as it is what RFC 3986 3.3 allows in a segment, with ":" and "@" like apt,
 * but without "+", which S3 reads as a space, and "~", which apt encodes.
 */
export function encodePath(path: RepositoryPath): string {
  return path.replace(/[^A-Za-z0-9/:@!$&'()*,;=._-]/gu, (char) =>
    char === "~" ? "%7E" : encodeURIComponent(char),
  );
}

export const segmentBytesMax = 255;
/** Leaves room below PATH_MAX (4,096) for the directories above a tree. */
export const pathBytesMax = 2_048;

/** Matches nearly every path of a repository, and lets it pass quickly. */
const plainPath = /^(?!\.)[\w.+~:%@=,-]{1,255}(?:\/(?!\.)[\w.+~:%@=,-]{1,255})*$/;

function refuseLong(path: string): void {
  if (Buffer.byteLength(path) > pathBytesMax) throw unsafePath(path, `has more than ${pathBytesMax} bytes`);
}

function isPlain(text: string): text is RepositoryPath {
  return text.length <= pathBytesMax && plainPath.test(text);
}

function decodePath(latin1: string): string {
  try {
    return decodeUtf8(latin1);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = "is not UTF-8";
    throw new PathEncodingError(latin1, unsafeText(latin1, reason), { facts: { reason }, cause: error });
  }
}

const unsafePath = (path: string, reason: string): RepositoryError =>
  new RepositoryError("PATH_UNSAFE", unsafeText(path, reason), { facts: { reason } });

const unsafeText = (path: string, reason: string): string => `unsafe path ${quote(path)}: it ${reason}`;
