import { describe, expect, test } from "vitest";
import {
  contentEncodingOf,
  contentRangeOf,
  lastModifiedOf,
  lengthOf,
  retryAfterMsOf,
  validatorsOf,
} from "./response-headers.ts";

const head = (headers: Record<string, string>, status = 200) => ({ status, headers });

describe("a validator", () => {
  test("is kept as it was sent", () => {
    const headers = { etag: 'W/"a b"', "last-modified": "yesterday" };
    expect(validatorsOf(head(headers))).toStrictEqual({ etag: 'W/"a b"', lastModified: "yesterday" });
  });

  test("that a request header cannot contain is left out", () => {
    expect(validatorsOf(head({ etag: '"\u20ac"' }))).toStrictEqual({
      etag: undefined,
      lastModified: undefined,
    });
  });
});

test.each([
  ["bytes 8-19/20", { startBytes: 8, totalBytes: 20 }],
  ["bytes 8-19/*", { startBytes: 8, totalBytes: undefined }],
  ["bytes */20", undefined],
  ["lines 8-19/20", undefined],
  ["bytes 8-19/20, bytes 30-39/40", undefined],
])("Content-Range %s is read as %j", (text, expected) => {
  expect(contentRangeOf(head({ "content-range": text }, 206))).toStrictEqual(expected);
});

test("Content-Range is ignored without 206", () => {
  expect(contentRangeOf(head({ "content-range": "bytes 8-19/20" }))).toBeUndefined();
});

test("Content-Length must be a number, without Transfer-Encoding", () => {
  expect(lengthOf(head({ "content-length": "20" }))).toBe(20);
  expect(lengthOf(head({ "content-length": "20", "transfer-encoding": "chunked" }))).toBeUndefined();
  expect(lengthOf(head({}))).toBeUndefined();
  expect(lengthOf(head({ "content-length": "20, 20" }))).toBeUndefined();
});

test.each([
  ["", undefined],
  ["Identity", undefined],
  [" X-GZip ", "x-gzip"],
])("Content-Encoding %j is read as %s", (text, expected) => {
  expect(contentEncodingOf(head({ "content-encoding": text }))).toBe(expected);
});

test("Last-Modified is left out if it is not a date that has come", () => {
  const now = new Date("2026-11-01T12:00:00Z");
  const timeOf = (text: string) => lastModifiedOf(head({ "last-modified": text }), now);
  expect(timeOf("Sun, 01 Nov 2026 12:00:00 GMT")).toEqual(now);
  expect(timeOf("Thu, 01 Jan 1970 00:00:00 GMT")).toEqual(new Date(0));
  for (const text of ["yesterday", "Sun, 01 Nov 2026 12:00:01 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
    expect(timeOf(text)).toBeUndefined();
  expect(lastModifiedOf(head({}), now)).toBeUndefined();
});

test("Retry-After is a number of seconds, or a date that may have passed", () => {
  const now = new Date("2026-11-01T12:00:00Z");
  const waitMs = (text: string) => retryAfterMsOf(head({ "retry-after": text }), now);
  expect(waitMs("7")).toBe(7_000);
  expect(waitMs("Sun, 01 Nov 2026 12:00:20 GMT")).toBe(20_000);
  expect(waitMs("Sun, 01 Nov 2026 11:00:00 GMT")).toBe(0);
});

test("Retry-After is left out if it cannot be parsed", () => {
  const now = new Date("2026-11-01T12:00:00Z");
  expect(retryAfterMsOf(head({ "retry-after": "soon" }), now)).toBeUndefined();
  expect(retryAfterMsOf(head({}), now)).toBeUndefined();
});
