import { parseSha256 } from "../digests.ts";
import { locateError, RepositoryError } from "../errors.ts";
import type { ListedFile } from "../listed-file.ts";
import { joinPath, parseRepositoryPath, type RepositoryPath } from "../paths.ts";
import { quote } from "../text.ts";

/**
 * Reads SHA256SUMS, as latin1 text: lines of `DIGEST  NAME` as sha256sum(1) writes them, with names relative to
 * `directory`, which contains the list. Leaves out the lists themselves, which Release lists. Throws a RepositoryError
 * with `source` and line for any other line, and for a name that leads out of the directory.
 */
export function parseSha256Sums(text: string, directory: RepositoryPath, source: string): ListedFile[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "") return [];
    try {
      const { name, sha256 } = parseLine(line);
      return listNames.has(name)
        ? []
        : [{ path: joinPath(directory, name), sizeBytes: undefined, digests: { sha256 } }];
    } catch (error) {
      throw locateError(error, `${source}:${index + 1}`);
    }
  });
}

const listNames: ReadonlySet<string> = new Set(["MD5SUMS", "SHA256SUMS"]);

function parseLine(line: string): { readonly name: RepositoryPath; readonly sha256: string } {
  // " *" before the name says that the file was read as binary. A line that begins with "\" has an escaped name.
  const [, hex, name] = /^([0-9A-Fa-f]{64}) [ *](.+)$/.exec(line) ?? [];
  if (hex === undefined || name === undefined) {
    throw new RepositoryError("FIELD_MALFORMED", `not a line of SHA-256 digest and name: ${quote(line)}`);
  }
  return { name: parseRepositoryPath(name), sha256: parseSha256(hex) };
}
