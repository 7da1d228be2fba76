import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitPackets } from "./packets.ts";

/** Returns every form of the header of a body of this length (RFC 9580 4.2). */
function headersFor(tag: number, length: number): number[][] {
  const bytesOf = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => Math.floor(length / 256 ** (count - 1 - index)) % 256);
  const headers = [
    [0xc0 | tag, 255, ...bytesOf(4)],
    [0x82 | (tag << 2), ...bytesOf(4)],
    [0x81 | (tag << 2), ...bytesOf(2)],
  ];
  if (length < 256) headers.push([0x80 | (tag << 2), length]);
  if (length < 192) headers.push([0xc0 | tag, length]);
  else if (length < 8384) headers.push([0xc0 | tag, 192 + ((length - 192) >> 8), (length - 192) & 255]);
  return headers;
}

describe("a sequence of packets", () => {
  const packet = fc
    .record({
      tag: fc.integer({ min: 1, max: 15 }),
      body: fc.uint8Array({ maxLength: 600 }),
      form: fc.nat(4),
    })
    .map(({ tag, body, form }) => {
      const headers = headersFor(tag, body.length);
      return { tag, body, bytes: Uint8Array.from([...(headers[form % headers.length] ?? []), ...body]) };
    });

  test("is split where it was joined, in every form of header", () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
        const joined = Buffer.concat(packets.map(({ bytes }) => bytes));
        const split = [...splitPackets(joined, "keys")];
        expect(split.map(({ tag, body, bytes }) => ({ tag, body: [...body], bytes: [...bytes] }))).toEqual(
          packets.map(({ tag, body, bytes }) => ({ tag, body: [...body], bytes: [...bytes] })),
        );
      }),
      { numRuns: 50 },
    );
  });

  test.each<[string, number[]]>([
    ["cut in a body", [0xc2, 3, 1, 2]],
    ["cut in a header", [0xc2]],
    ["cut in a long header", [0xc2, 255, 0, 0]],
    ["that starts with text", [0x41, 0x42]],
    ["with a partial length", [0xc2, 224, 1]],
    ["with an indeterminate length", [0x8b, 1, 2]],
  ])("is refused %s", (_case, bytes) => {
    expect(() => [...splitPackets(Uint8Array.from(bytes), "keys")]).toThrow(/^keys: not a sequence of whole/);
  });
});
