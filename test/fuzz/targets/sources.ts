import { equal, ok } from "node:assert/strict";
import { digestAlgorithms, type SourcePackage, SourcesReader } from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { checkFileOf, checkReadAgain, readBothWays } from "./package-lists.ts";
import { accepted, checkPath, latin1, printedPath, refused } from "./properties.ts";
import { digestWords, fieldWords, pathWords } from "./words.ts";

export const sources: FuzzTarget = {
  name: "sources",
  dictionary: [...fieldWords, ...digestWords, ...pathWords],
  check(input) {
    const { strict, weak } = readBothWays(input, read);
    if (weak.kind === "refused") return refused(weak.error);
    for (const { name, version, directory, files } of weak.value) {
      ok(name !== "" && version !== "", "something is missing"); // apt shows a source without files
      if (directory !== "") checkPath(directory);
      equal(new Set(files.map(({ path }) => path)).size, files.length, "a file twice");
      for (const file of files) {
        checkFileOf(file, strict);
        ok(directory === "" || file.path.startsWith(`${directory}/`), "a file outside of the directory");
      }
    }
    checkReadAgain(read, weak.value.map(print), weak.value);
    return accepted(
      strict.kind,
      weak.value.length,
      Math.max(0, ...weak.value.map(({ files }) => files.length)),
    );
  },
};

function read(pieces: readonly Uint8Array[], allowWeak: boolean): SourcePackage[] {
  const reader = new SourcesReader("Sources", { allowWeak });
  const items = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return items.map((item) => ({ ...item, endsAt: 0 })); // printed text has other places
}

const fieldOf = {
  md5: "Files",
  sha1: "Checksums-Sha1",
  sha256: "Checksums-Sha256",
  sha512: "Checksums-Sha512",
};

/** Returns the files of a package in the order of their lists. */
function print({ name, version, directory, files }: SourcePackage): string {
  const lists = digestAlgorithms.map((algorithm) => {
    const lines = files.flatMap(({ path, sizeBytes, digests }) =>
      digests[algorithm] === undefined
        ? []
        : [` ${digests[algorithm]} ${sizeBytes} ${latin1(nameIn(directory, path))}\n`],
    );
    return `${fieldOf[algorithm]}:\n${lines.join("")}`;
  });
  return `Package: ${fold(name)}\nVersion: ${fold(version)}\nDirectory: ${printedPath(directory)}\n${lists.join("")}`;
}

const fold = (value: string): string => value.replaceAll("\n", "\n ");

const nameIn = (directory: string, path: string): string =>
  directory === "" ? path : path.slice(directory.length + 1);
