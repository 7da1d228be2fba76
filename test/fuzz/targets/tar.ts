import { ok } from "node:assert/strict";
import {
  checkArMagic,
  dataCompressionOf,
  firstHeaderAt,
  headerBytes,
  readArHeader,
  TarReader,
} from "../../../src/deb/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, inPieces, refused, sameAttempt } from "./properties.ts";

const contentBytesMax = 4_096;

/** A tar archive, or a .deb whose data.tar is not compressed. */
export const tar: FuzzTarget = {
  name: "tar",
  dictionary: [
    "!<arch>\n",
    "debian-binary   1577836800  0     0     100644  4         `\n2.0\n",
    "data.tar        1577836800  0     0     100644  2048      `\n",
    "ustar\x0000",
    "ustar  \x00",
    "./usr/share/doc/",
    "12 path=ab/cd\n",
    "../",
    "\x80\0\0\0",
    "\0".repeat(512),
  ],
  check(input) {
    const found = attempt(() => dataOf(input));
    if (found.kind === "refused") return refused(found.error);
    const whole = attempt(() => readTar([found.value]));
    sameAttempt(
      attempt(() => readTar(inPieces(found.value))),
      whole,
      "read in pieces",
    );
    if (whole.kind === "refused") return refused(whole.error);
    const entries = whole.value;
    let contentBytes = 0;
    for (const { path, content } of entries) {
      ok(!path.split("/").includes("..") && !path.startsWith("/"), path);
      contentBytes += content?.length ?? 0;
    }
    ok(contentBytes <= contentBytesMax, "more content than the limit");
    ok(entries.length <= input.length / 512, "more entries than headers");
    return accepted(entries.length, contentBytes > 0, ...new Set(entries.map(({ kind }) => kind)));
  },
};

function readTar(pieces: readonly Uint8Array[]) {
  const reader = new TarReader({ wants: (path) => path.length % 2 === 0, contentBytesMax });
  const entries = pieces.flatMap((piece) => reader.push(piece));
  reader.end();
  return entries;
}

/** Returns the data.tar of a .deb, or the input itself if it does not begin as one. */
function dataOf(input: Uint8Array): Uint8Array {
  if (input[0] !== "!".charCodeAt(0)) return input;
  checkArMagic(input);
  for (let at = firstHeaderAt, members = 0; at < input.length && members < 16; members += 1) {
    const member = readArHeader(input.subarray(at, at + headerBytes), at, input.length);
    ok(member.next > at && member.end <= input.length, "a member that is not in the file");
    if (dataCompressionOf(member.name) === "plain") return input.subarray(member.start, member.end);
    at = member.next;
  }
  return input.subarray(0, 0);
}
