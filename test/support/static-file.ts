import { type FileHandle, open } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { normalize } from "node:path/posix";
import { hasCode } from "../../src/errors.ts";

/** The head of a web server's answer for a file. */
export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** The part of the file to send; empty (end = start) for 304 and 416. End is exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the decoded path of a request target with dot segments resolved, or undefined if it is not below the root.
 */
export function pathOf(target: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(target.replace(/[?#].*$/s, "")));
    return path.startsWith("/") && !path.includes("\0") ? path : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Opens a file below the root, through symbolic links. Returns a number if the answer is that status instead. */
export async function openBelow(root: string, path: string): Promise<FileHandle | 403 | 404> {
  try {
    const file = await open(join(root, path));
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return 403;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG")) return 404;
    if (hasCode(error, "EACCES")) return 403;
    throw error;
  }
}

/** Applies RFC 9110 13 (conditions) and 14 (ranges) to a file. */
export async function answerFor(file: FileHandle, request: IncomingHttpHeaders): Promise<FileAnswer> {
  const { size, mtime } = await file.stat();
  const modified = Math.floor(mtime.getTime() / 1000);
  const etag = `"${modified.toString(16)}-${size.toString(16)}"`;
  const validators = { ETag: etag, "Last-Modified": new Date(modified * 1000).toUTCString() };
  if (isNotModified(request, etag, modified)) return { status: 304, headers: validators, start: 0, end: 0 };

  const headers = {
    ...validators,
    "Accept-Ranges": "bytes",
    "Content-Type": "application/octet-stream",
  };
  const range = isRangeWanted(request, etag, modified) ? rangeOf(request.range, size) : undefined;
  if (range === undefined) {
    return { status: 200, headers: { ...headers, "Content-Length": String(size) }, start: 0, end: size };
  }
  if (range.start >= size) {
    const unsatisfied = { ...headers, "Content-Range": `bytes */${size}`, "Content-Length": "0" };
    return { status: 416, headers: unsatisfied, start: 0, end: 0 };
  }
  const partial = {
    ...headers,
    "Content-Range": `bytes ${range.start}-${range.end - 1}/${size}`,
    "Content-Length": String(range.end - range.start),
  };
  return { status: 206, headers: partial, ...range };
}

function isNotModified(request: IncomingHttpHeaders, etag: string, modified: number): boolean {
  // RFC 9110 13.1.3: If-None-Match overrides If-Modified-Since.
  const noneMatch = request["if-none-match"];
  if (noneMatch !== undefined) {
    const tags = noneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    return tags.includes("*") || tags.includes(etag);
  }
  const since = request["if-modified-since"];
  return since !== undefined && modified <= Date.parse(since) / 1000;
}

/** RFC 9110 13.1.5: an If-Range of another file cancels the range. */
function isRangeWanted(request: IncomingHttpHeaders, etag: string, modified: number): boolean {
  const condition = request["if-range"];
  if (typeof condition !== "string") return true;
  return condition.startsWith('"') ? condition === etag : Date.parse(condition) / 1000 === modified;
}

/**
 * Returns one range of bytes, or undefined for none, several or another unit, which a server may answer with the whole
 * file.
 */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return { start: Number(last) === 0 ? size : Math.max(0, size - Number(last)), end: size };
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return { start: Number(first), end: last === "" ? size : Math.min(size, Number(last) + 1) };
}
