import { deepEqual, ok } from "node:assert/strict";
import {
  type BinaryPackage,
  digestAlgorithms,
  PackagesReader,
  PlainPackagesReader,
} from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { checkFileOf, checkReadAgain, readBothWays } from "./package-lists.ts";
import { type Attempt, accepted, inPieces, printedPath, refused } from "./properties.ts";
import { digestWords, fieldWords, pathWords } from "./words.ts";

export const packages: FuzzTarget = {
  name: "packages",
  dictionary: [...fieldWords, ...digestWords, ...pathWords],
  check(input) {
    const { strict, weak } = readBothWays(input, read);
    checkReadPlainly(input, strict);
    if (weak.kind === "refused") return refused(weak.error);
    for (const { name, version, architecture, sourceName, sourceVersion, file } of weak.value) {
      for (const text of [name, version, architecture, sourceName, sourceVersion])
        ok(text !== "", "an empty text");
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

/** What is read plainly is what is read, and no other text is. */
function checkReadPlainly(input: Uint8Array, strict: Attempt<BinaryPackage[]>): void {
  const found = readPlainly([input]);
  deepEqual(readPlainly(inPieces(input)), found, "read plainly in pieces");
  if (found === undefined) return;
  const files = strict.kind === "accepted" ? strict.value.map(({ file }) => file) : undefined;
  const expected = files?.map(({ path, sizeBytes, digests }) => [path, sizeBytes, digests.sha256]);
  deepEqual(found, expected, "read plainly");
}

function readPlainly(pieces: readonly Uint8Array[]): unknown[] | undefined {
  const found: unknown[] = [];
  const reader = new PlainPackagesReader(({ bytes, pathStart, pathEnd, sha256Start, sizeBytes }) => {
    const path = bytes.toString("latin1", pathStart, pathEnd);
    return found.push([path, sizeBytes, bytes.toString("latin1", sha256Start, sha256Start + 64)]) > 0;
  });
  return pieces.every((piece) => reader.push(piece)) && reader.end() ? found : undefined;
}

const fieldOf = { md5: "MD5sum", sha1: "SHA1", sha256: "SHA256", sha512: "SHA512" };

function print(item: BinaryPackage): string {
  const { name, version, architecture, sourceName, sourceVersion, file } = item;
  const builtFrom = sourceVersion === version ? "" : ` (${sourceVersion})`;
  const digests = digestAlgorithms.map((algorithm) => [fieldOf[algorithm], file.digests[algorithm]]);
  const fields = [
    ["Package", name],
    ["Version", version],
    ["Architecture", architecture],
    ["Source", sourceName === name && builtFrom === "" ? undefined : sourceName + builtFrom],
    ["Filename", printedPath(file.path)],
    ["Size", String(file.sizeBytes)],
    ...digests,
  ].filter(([, value]) => value !== undefined);
  return fields.map(([field, value]) => `${field}: ${value?.replaceAll("\n", "\n ")}\n`).join("");
}
