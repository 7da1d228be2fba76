import { PathEncodingError, RepositoryError } from "./errors.ts";
import { decodeUtf8, quote } from "./text.ts";

/**
 * A relative path below a repository's base that is safe to create: normalised ("./", "//" and a leading "/" are gone),
 * no ".." segment, no control character, no backslash, no segment over 255 bytes, 2,048 in all. Slashes separate, never first or last.
 */
export type RepositoryPath = string & { readonly brand: "RepositoryPath" };

/**
 * Reads a path of the metadata, given as latin1 text, as UTF-8. Throws PATH_UNSAFE where nothing may be stored under
 * that name: a ".." segment (".." inside a name, as in "a_1..2.deb", is legal), a control character, a backslash,
 * an absolute URL, a segment over 255 bytes, more than 2,048 in all, bytes that are not UTF-8, or nothing at all.
 */
export function parseRepositoryPath(latin1: string): RepositoryPath {
  if (isPlain(latin1)) return latin1;
  return normalizePath(decodePath(latin1));
}

/** As parseRepositoryPath, for a path that is no latin1 text but an ordinary string. */
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

/** The path of `name` below `directory`; "" is the base itself. Throws PATH_UNSAFE where both together are too long. */
export function joinPath(directory: RepositoryPath | "", name: RepositoryPath): RepositoryPath {
  if (directory === "") return name;
  const path = `${directory}/${name}`;
  refuseLong(path);
  return path as RepositoryPath;
}

/**
 * The path as a URL has it, to be appended to a base URL that ends in "/". (Resolving it, as `new URL(path, base)`
 * does, would take a ":" in the first segment for a scheme.) Raw: what RFC 3986 3.3 allows in a segment, ":" and "@"
 * among it as apt does, but never "+", which S3 takes for a space, nor "~", which apt encodes.
 */
export function encodePath(path: RepositoryPath): string {
  return path.replace(/[^A-Za-z0-9/:@!$&'()*,;=._-]/gu, (char) =>
    char === "~" ? "%7E" : encodeURIComponent(char),
  );
}

const segmentBytesMax = 255;
/** Leaves room below PATH_MAX (4,096) for the directories that a tree stands in. */
const pathBytesMax = 2_048;

/** Nearly every path of a repository; the test that lets them pass quickly. */
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
