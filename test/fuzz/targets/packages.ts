import { ok } from "node:assert/strict";
import { type BinaryPackage, digestAlgorithms, PackagesReader } from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { checkFileOf, checkReadAgain, readBothWays } from "./package-lists.ts";
import { accepted, printedPath, refused } from "./properties.ts";
import { digestWords, fieldWords, pathWords } from "./words.ts";

export const packages: FuzzTarget = {
  name: "packages",
  dictionary: [...fieldWords, ...digestWords, ...pathWords],
  check(input) {
    const { strict, weak } = readBothWays(input, read);
    if (weak.kind === "refused") return refused(weak.error);
    for (const { name, version, architecture, sourceName, file } of weak.value) {
      for (const text of [name, version, architecture, sourceName]) ok(text !== "", "an empty text");
      checkFileOf(file, strict);
    }
    checkReadAgain(read, weak.value.map(print), weak.value);
    return accepted(strict.kind, weak.value.length);
  },
};

function read(pieces: readonly Uint8Array[], allowWeak: boolean): BinaryPackage[] {
  const reader = new PackagesReader("Packages", { allowWeak });
  const items = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return items.map((item) => ({ ...item, endsAt: 0 })); // printed text has other places
}

const fieldOf = { md5: "MD5sum", sha1: "SHA1", sha256: "SHA256", sha512: "SHA512" };

function print({ name, version, architecture, sourceName, file }: BinaryPackage): string {
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
}
