import type { ResponseHead } from "./exchange.ts";
import type { Validators } from "./request.ts";

export function validatorsOf(head: ResponseHead): Validators {
  return { etag: sendable(head.headers["etag"]), lastModified: sendable(head.headers["last-modified"]) };
}

/** A validator is sent back as a header, so only one that a header may contain is kept. */
function sendable(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

/**
 * Returns Last-Modified if it is not in the future. No server may send a later one (RFC 9110 8.8.2.1): the server of the mirror would
 * pass it on to clients, or a time that they cannot read. File systems cannot keep every year.
 */
export function lastModifiedOf(head: ResponseHead, now: Date): Date | undefined {
  const timeMs = Date.parse(head.headers["last-modified"] ?? "");
  return timeMs <= now.getTime() ? new Date(timeMs) : undefined; // NaN is not
}

/** Returns the encoding in lower case; undefined for an unencoded body. */
export function contentEncodingOf(head: ResponseHead): string | undefined {
  const encoding = (head.headers["content-encoding"] ?? "").trim().toLowerCase();
  return encoding === "" || encoding === "identity" ? undefined : encoding;
}

/** Returns Content-Length, which does not count if the body is chunked (RFC 9112 6.3). */
export function lengthOf(head: ResponseHead): number | undefined {
  const length = head.headers["content-length"] ?? "";
  return !/^\d+$/.test(length) || head.headers["transfer-encoding"] !== undefined
    ? undefined
    : Number(length);
}

/** Returns the Content-Range of a 206, as in "bytes 100-199/200" or "bytes 100-199/*" (RFC 9110 14.4). */
export function contentRangeOf(
  head: ResponseHead,
): { readonly startBytes: number; readonly totalBytes: number | undefined } | undefined {
  if (head.status !== 206) return undefined;
  const match = /^bytes +(\d+)-\d+\/(\d+|\*)$/i.exec(head.headers["content-range"] ?? "");
  if (match === null) return undefined;
  const [, start = "", total = ""] = match;
  return { startBytes: Number(start), totalBytes: total === "*" ? undefined : Number(total) };
}

/** Returns Retry-After in milliseconds from `now`. It is in seconds, or a date that may have passed (RFC 9110 10.2.3). */
export function retryAfterMsOf(head: ResponseHead, now: Date): number | undefined {
  const text = head.headers["retry-after"]?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : Math.max(0, timeMs - now.getTime());
}
