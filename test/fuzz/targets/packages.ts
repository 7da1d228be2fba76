import { ok } from "node:assert/strict";
import {
  type BinaryPackage,
  digestAlgorithms,
  hasStrongDigest,
  PackagesReader,
} from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import {
  accepted,
  attempt,
  checkListedFile,
  inPieces,
  printedPath,
  refused,
  sameAttempt,
} from "./properties.ts";
import { digestWords, fieldWords, pathWords } from "./words.ts";

export const packages: FuzzTarget = {
  name: "packages",
  dictionary: [...fieldWords, ...digestWords, ...pathWords],
  check(input) {
    const whole = attempt(() => read([input], false));
    sameAttempt(
      attempt(() => read(inPieces(input), false)),
      whole,
      "read in pieces",
    );
    const weak = attempt(() => read([input], true));
    if (whole.kind === "accepted") sameAttempt(weak, whole, "with weak digests allowed");
    if (weak.kind === "refused") return refused(weak.error);
    for (const { name, version, architecture, sourceName, file } of weak.value) {
      for (const text of [name, version, architecture, sourceName]) ok(text !== "", "an empty text");
      checkListedFile(file);
      ok(whole.kind === "refused" || hasStrongDigest(file.digests), "no strong digest");
    }
    checkPrinted(weak.value);
    return accepted(whole.kind, weak.value.length);
  },
};

function read(pieces: readonly Uint8Array[], allowWeak: boolean): BinaryPackage[] {
  const reader = new PackagesReader("Packages", { allowWeak });
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const fieldOf = { md5: "MD5sum", sha1: "SHA1", sha256: "SHA256", sha512: "SHA512" };

/** What was read, printed plainly, is read again as it was. */
function checkPrinted(all: readonly BinaryPackage[]): void {
  const printed = all.map(({ name, version, architecture, sourceName, file }) => {
    const digests = digestAlgorithms.map((algorithm) => [fieldOf[algorithm], file.digests[algorithm]]);
    const fields = [
      ["Package", name],
      ["Version", version],
      ["Architecture", architecture],
      ["Source", sourceName === name ? undefined : sourceName],
      ["Filename", printedPath(file.path)],
      ["Size", String(file.sizeBytes)],
      ...digests,
    ].filter(([, value]) => value !== undefined);
    return fields.map(([field, value]) => `${field}: ${value?.replaceAll("\n", "\n ")}\n`).join("");
  });
  const bytes = Buffer.from(printed.join("\n"), "latin1");
  sameAttempt(
    attempt(() => read([bytes], true)),
    { kind: "accepted", value: all },
    "printed and read again",
  );
}
