import { ok } from "node:assert/strict";
import { AnswerLines } from "../../../src/upstream/connections/answer-lines.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, inPieces } from "./properties.ts";

const heads = ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 304 \r\n", "HTTP/1.0 103\n", "Content-Length: 3\r\n"];

/** The bytes of one connection. */
export const answerLines: FuzzTarget = {
  name: "answer-lines",
  dictionary: [
    heads,
    ["\r\n", "\n", "\r\n\r\n", "\n\n", "abc", "3\r\nabc\r\n0\r\n\r\n", "3\nabc\n0\n\n", ", 3", "0", "ff;x=y"],
    ["Transfer-Encoding: chunked\r\n", "transfer-encoding: gzip\n", "content-length:3\n"],
  ].flat(),
  check(input) {
    const taken = take([input]);
    ok(take(inPieces(input)).equals(taken), "taken in pieces");
    ok(take([taken]).equals(taken), "taken again");
    // Only line ends change, and only repeated lengths are dropped. The beginning of a line is held back.
    ok(withoutLengths(Buffer.from(input)).startsWith(withoutLengths(taken)), "other bytes");
    return accepted(taken.length - input.length);
  },
};

function take(pieces: readonly Uint8Array[]): Buffer {
  const lines = new AnswerLines();
  return Buffer.concat(pieces.map((piece) => lines.take(Buffer.from(piece))));
}

const withoutLengths = (bytes: Buffer): string =>
  bytes
    .toString("latin1")
    .replaceAll(/content-length:[^\n]*\n?/gi, "")
    .replaceAll("\r", "");
