import { deepEqual, equal, ok } from "node:assert/strict";
import { parseRelease } from "../../../src/repository/index.ts";
import { type FramedInRelease, frameInRelease } from "../../../src/trust/message/framing.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { openClearsignedOracle } from "../oracles/clearsigned.ts";
import { accepted, attempt, refused } from "./properties.ts";
import { armorWords, releaseWords, whiteSpace } from "./words.ts";

/** The frame of a clearsigned file. */
export const inrelease: FuzzTarget = {
  name: "inrelease",
  dictionary: [...armorWords, ...releaseWords, ...whiteSpace],
  check(input) {
    const framed = attempt(() => frameInRelease(input));
    if (framed.kind === "refused") return refused(framed.error);
    const { text, linesBefore, signedBytes, signatureBlocks } = framed.value;
    ok(!/[\t ]\n/.test(text), "white space that is not signed");
    const lines = text.split("\n");
    equal(lines.pop(), "", "a line without end");
    equal(Buffer.from(signedBytes).toString("latin1"), lines.join("\r\n"), "other lines are signed");
    ok(signatureBlocks.length > 0, "no signature");
    const again = frameInRelease(print(framed.value));
    deepEqual({ ...again, linesBefore }, framed.value, "printed and read again");
    const release = attempt(() => parseRelease(text, "Release"));
    return accepted(lines.length, signatureBlocks.length, release.kind);
  },
  oracle: { askOneIn: 100, open: openClearsignedOracle },
};

/** The plainest form of the same. */
function print({ text, signatureBlocks }: FramedInRelease): Buffer {
  const blocks = signatureBlocks.map(
    (bytes) =>
      `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from(bytes).toString("base64")}\n-----END PGP SIGNATURE-----\n`,
  );
  const escaped = text.replaceAll(/(?<=^|\n)-/g, "- -");
  return Buffer.from(`-----BEGIN PGP SIGNED MESSAGE-----\n\n${escaped}${blocks.join("")}`, "latin1");
}
