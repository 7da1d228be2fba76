import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerLines } from "./answer-lines.ts";

/** Returns what the parser reads if the bytes come in these pieces. */
function taken(...pieces: readonly string[]): string {
  const lines = new AnswerLines();
  return pieces.map((piece) => lines.take(Buffer.from(piece, "latin1")).toString("latin1")).join("");
}

const ok = "HTTP/1.1 200 OK\r\n";
const body = "a\nb\r\nContent-Length: 3\n\n";
const length = `Content-Length: ${body.length}\r\n`;
const plain = `${ok}${length}\r\n${body}`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}${chunk("x\n")}0\r\nX-Sum: 1\r\n\r\n`;
const notModified = `HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n`;
const empty = `${ok}Content-Length: 0\r\n\r\n`;
const early = `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n`;
const untilClose = `${ok}Connection: close\r\n\r\n${body}HTTP/1.1 200\n`;
const wellFormed = [plain, chunked, notModified, empty, early, plain, untilClose];

/** Changes CR LF to LF, except in bodies. */
const withLineFeeds = (answer: string): string =>
  answer === chunked
    ? chunked.replaceAll("\r\n", "\n").replaceAll(body.replaceAll("\r\n", "\n"), body)
    : answer.replace(/^[^]*?\r\n\r\n/, (head) => head.replaceAll("\r\n", "\n"));

describe("the responses on one connection", () => {
  test("are unchanged if they are well-formed", () => {
    expect(taken(wellFormed.join(""))).toBe(wellFormed.join(""));
  });

  test("get CR LF for LF in their heads, and keep their bodies", () => {
    expect(taken(wellFormed.map(withLineFeeds).join(""))).toBe(wellFormed.join(""));
  });

  test("are the same however they are cut into pieces", () => {
    const again = `${ok}${length}${length}\r\n${body}`;
    const usual = `${plain}${empty}${again}${plain}${chunked}${plain}`;
    const all = `${usual}${wellFormed.map(withLineFeeds).join("")}${body}`;
    const cuts = fc.array(fc.nat(all.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const sorted = [0, ...positions.toSorted((a, b) => a - b), all.length];
        const pieces = sorted.slice(1).map((end, index) => all.slice(sorted[index], end));
        expect(taken(...pieces)).toBe(taken(all));
      }),
    );
  });
});

describe("Content-Length", () => {
  test.each([
    ["twice with one value", `${length}Content-Type: x\r\n${length.toLowerCase()}`],
    ["as a list of one value", `Content-Length: ${body.length}, ${body.length}\r\n`],
    ["without a space, and with one behind", `Content-Length:${body.length} \r\n`],
    ["in lower case", length.toLowerCase()],
  ])("accepts %s as one length", (_, lines) => {
    const type = lines.includes("Type") ? "Content-Type: x\r\n" : "";
    expect(taken(`${ok}${lines}\r\n${body}${empty}`)).toBe(`${ok}${length}${type}\r\n${body}${empty}`);
  });

  test.each([
    ["twice with two values", "Content-Length: 3\r\nContent-Length: 4\r\n"],
    ["as a list of two values", "Content-Length: 3, 4\r\n"],
    ["and no number", "Content-Length: 3x\r\nContent-Length: 3x\r\n"],
  ])("leaves %s to the parser, with everything after it", (_, lines) => {
    const answer = `${ok}${lines}\nabc\n`;
    expect(taken(answer)).toBe(answer);
  });

  test("of one response does not affect the next", () => {
    const next = `${ok}Content-Length: 1\r\n\r\nx`;
    expect(taken(`${plain}${next}`)).toBe(`${plain}${next}`);
  });
});

test.each(["SSH-2.0-OpenSSH_9.2\nx\n", "HTTP/2 200\nx\n", `${ok}Transfer-Encoding: gzip\r\n\r\nx\n`])(
  "what is not understood passes as it is: %j",
  (answer) => expect(taken(answer.replace("\n", "\r\n"))).toBe(answer.replace("\n", "\r\n")),
);

test("does not hold back the first bytes of another protocol", () => {
  for (const text of ["\x15\x03\x01\x00\x02", "SSH-2", "HTTX"]) expect(taken(...text.split(""))).toBe(text);
});

test("does not hold back a line without end for ever", () => {
  const endless = `${ok}X: ${"x".repeat(20_000)}`;
  expect(taken(...(endless.match(/[^]{1,1000}/g) ?? []))).toBe(endless);
});
