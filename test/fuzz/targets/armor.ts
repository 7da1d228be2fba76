import { deepEqual, equal, ok } from "node:assert/strict";
import { readKeyring } from "../../../src/trust/index.ts";
import { frameReleaseSignature } from "../../../src/trust/message/framing.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, attemptAsync, refused } from "./properties.ts";
import { armorWords, whiteSpace } from "./words.ts";

/** Armored files: a Release.gpg, which contains nothing else, or a file of keys, which may contain notes. */
export const armor: FuzzTarget = {
  name: "armor",
  dictionary: [...armorWords, ...whiteSpace],
  async check(input) {
    const keys = await attemptAsync(() => readKeyring([{ name: "keys.asc", bytes: input }]));
    const word = keys.kind === "refused" ? refused(keys.error).word : String(keys.value.certificates.length);
    const blocks = attempt(() => frameReleaseSignature(input));
    if (blocks.kind === "refused") return { kind: "refused", word: `${refused(blocks.error).word}; ${word}` };
    const printed = blocks.value.map(
      (bytes) =>
        `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from(bytes).toString("base64")}\n-----END PGP SIGNATURE-----\n`,
    );
    deepEqual(frameReleaseSignature(Buffer.from(printed.join(""))), blocks.value, "printed and read again");
    equal(
      Buffer.from(input).toString("latin1").split("-----BEGIN").length - 1,
      blocks.value.length,
      "a block is lost",
    );
    ok(keys.kind === "refused", "keys in a file of signatures");
    return accepted(blocks.value.length, word);
  },
};
