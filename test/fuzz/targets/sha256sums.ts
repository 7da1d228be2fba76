import { equal, ok } from "node:assert/strict";
import { type ListedFile, parseRepositoryPath, parseSha256Sums } from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, checkListedFile, latin1, refused } from "./properties.ts";
import { digestWords, pathWords, whiteSpace } from "./words.ts";

const directory = parseRepositoryPath("dists/stable/main/installer-amd64/current/images");

const read = (text: string): ListedFile[] => parseSha256Sums(text, directory, "SHA256SUMS");

export const sha256sums: FuzzTarget = {
  name: "sha256sums",
  dictionary: [digestWords, pathWords, whiteSpace, ["SHA256SUMS", "MD5SUMS", "  ", " *"]].flat(),
  check(input) {
    const result = attempt(() => read(Buffer.from(input).toString("latin1")));
    if (result.kind === "refused") return refused(result.error);
    const files = result.value;
    for (const file of files) {
      checkListedFile(file);
      ok(file.path.startsWith(`${directory}/`), "a file outside of the directory");
    }
    const lines = files.map(
      ({ path, digests }) => `${digests.sha256}  ${latin1(path.slice(directory.length + 1))}\n`,
    );
    equal(JSON.stringify(read(lines.join(""))), JSON.stringify(files), "printed and read again");
    return accepted(files.length);
  },
};
