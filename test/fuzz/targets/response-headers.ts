import { ok } from "node:assert/strict";
import {
  contentEncodingOf,
  contentRangeOf,
  lastModifiedOf,
  lengthOf,
  retryAfterMsOf,
  validatorsOf,
} from "../../../src/upstream/requests/response-headers.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted } from "./properties.ts";

const names = [
  "content-length",
  "content-range",
  "content-encoding",
  "last-modified",
  "etag",
  "retry-after",
  "transfer-encoding",
];

/** Lines of `name: value` as undici returns them: names in lower case, values without line breaks. */
export const responseHeaders: FuzzTarget = {
  name: "response-headers",
  dictionary: [
    names.map((name) => `\n${name}: `),
    'identity gzip x-gzip chunked * 120 W/"a" "a" +275760-09-13'.split(" "),
    ["bytes 0-9/10", "bytes 0-9/*", "bytes */10", "Sat, 10 Jun 2023 08:53:33 GMT"],
  ].flat(),
  check(input) {
    const lines = Buffer.from(input).toString("latin1").split("\n");
    const headers = Object.fromEntries(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, Math.max(0, colon)).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const head = { status: 206, headers };
    const { etag, lastModified } = validatorsOf(head);
    for (const value of [etag, lastModified]) ok(value === undefined || /^[\x20-\x7e]+$/.test(value));
    const now = new Date("2030-01-01T00:00:00Z");
    const date = lastModifiedOf(head, now);
    ok(date === undefined || date <= now, "no date that has come");
    const range = contentRangeOf(head);
    const sizes = [lengthOf(head), range?.startBytes, range?.totalBytes, retryAfterMsOf(head, new Date(0))];
    for (const size of sizes) ok(size === undefined || size >= 0, `the number ${size}`);
    ok(contentEncodingOf(head) !== "identity");
    return accepted(...[...sizes, etag, lastModified, date, range].map((value) => value !== undefined));
  },
};
