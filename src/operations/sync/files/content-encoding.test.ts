import { gzipSync } from "node:zlib";
import { assert, nat, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../../../test/support/index.ts";
import { PartialFile } from "../../../store/index.ts";
import { decodeBody, decodeBytes, encodedBytesMax } from "./content-encoding.ts";

const bytes = Buffer.from("Origin: Debian\n");

describe("a small file", () => {
  test.each(["gzip", "x-gzip"])("that is sent as %s is decoded", (encoding) => {
    expect(decodeBytes(gzipSync(bytes), encoding, 1_000).toString()).toBe(bytes.toString());
  });

  test.each([
    ["without an encoding", gzipSync(bytes), undefined],
    ["with an encoding that nobody knows", bytes, "br"],
    ["as gzip and is none", bytes, "gzip"],
    ["as gzip and holds too much", gzipSync(Buffer.alloc(10_000)), "gzip"],
  ])("that is sent %s stays unchanged", (_, body, encoding) => {
    expect(decodeBytes(body, encoding, 1_000).equals(body)).toBe(true);
  });
});

test("does not decode more than the listed size", async () => {
  await using directory = await temporaryDirectory();
  const received = PartialFile.open(directory.join("partial/body"));
  received.begin(0, {});
  received.write(gzipSync(Buffer.alloc(1 << 24)));
  const into = PartialFile.open(directory.join("partial/decoded"));
  const { signal } = new AbortController();
  expect(await decodeBody(received, into, { contentEncoding: "gzip", bytesMax: 1_000, signal })).toBe(false);
  expect(into.heldBytes).toBeLessThanOrEqual(1_000);
  into.close();
});

test("no encoded form is longer than its bound", () => {
  assert(
    property(uint8Array({ maxLength: 5_000 }), nat(9), (content, level) => {
      expect(gzipSync(content, { level }).length).toBeLessThanOrEqual(encodedBytesMax(content.length));
    }),
  );
});
