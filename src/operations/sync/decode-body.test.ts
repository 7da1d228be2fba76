import { gzipSync } from "node:zlib";
import { assert, nat, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBytes, encodedBytesMax } from "./decode-body.ts";

const bytes = Buffer.from("Origin: Debian\n");

describe("a small file", () => {
  test.each(["gzip", "x-gzip"])("that came as %s is decoded", (encoding) => {
    expect(decodeBytes(gzipSync(bytes), encoding, 1_000).toString()).toBe(bytes.toString());
  });

  test.each([
    ["without an encoding", gzipSync(bytes), undefined],
    ["with an encoding that nobody knows", bytes, "br"],
    ["as gzip and is none", bytes, "gzip"],
    ["as gzip and holds too much", gzipSync(Buffer.alloc(10_000)), "gzip"],
  ])("that came %s stays as it is", (_, body, encoding) => {
    expect(decodeBytes(body, encoding, 1_000).equals(body)).toBe(true);
  });
});

test("no encoded form is longer than what is allowed for it", () => {
  assert(
    property(uint8Array({ maxLength: 5_000 }), nat(9), (content, level) => {
      expect(gzipSync(content, { level }).length).toBeLessThanOrEqual(encodedBytesMax(content.length));
    }),
  );
});
