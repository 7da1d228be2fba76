import { enums, armor as toArmor } from "openpgp";

const begin = "-----BEGIN PGP SIGNATURE-----";
const end = "-----END PGP SIGNATURE-----";

/**
 * Returns a clearsigned file with this SHA-512 signature in each of its armor blocks. Headers, white space and line
 * lengths of the blocks stay, so that the form is tested. Two things are adapted to gpgv 2.2, and the text does not
 * depend on them: "Hash" names the right digest (apt does without, because it splits the file itself), and there is a
 * checksum (without one or padding, gpgv reads the END line as data).
 */
export function withSignature(file: Uint8Array, signature: Uint8Array): Buffer {
  const armored = toArmor(enums.armor.signature, signature, undefined, undefined, undefined, true);
  const [, data = "", checksum = ""] = /\n\n([^=]*=*)\n(=.{4})\n/s.exec(armored.replaceAll("\r", "")) ?? [];
  const [first = "", ...others] = Buffer.from(file).toString("latin1").split("\n");
  const headersEnd = others.findIndex((line) => content(line) === "");
  const headers = others.slice(0, headersEnd).filter((line) => !line.startsWith("Hash:"));
  const lines = [first, "Hash: SHA512", ...headers, ...others.slice(headersEnd)];
  const replaced: string[] = [];
  for (let at = 0; at < lines.length; ) {
    if (content(lines[at]) !== begin) replaced.push(lines[at++] ?? "");
    else {
      const dataStart = lines.findIndex((line, index) => index > at && content(line) === "") + 1;
      const dataEnd = lines.findIndex((line, index) => index >= dataStart && content(line) === end);
      const body = refill(lines.slice(dataStart, dataEnd), data.replaceAll("\n", ""), checksum);
      replaced.push(...lines.slice(at, dataStart), ...body);
      at = dataEnd;
    }
  }
  return Buffer.from(replaced.join("\n"), "latin1");
}

/** Returns the lines of armor with other data: the same length of each line, and the rest in the last. */
function refill(lines: readonly string[], data: string, checksum: string): string[] {
  const isChecksum = lines.at(-1)?.startsWith("=") === true;
  const checksumLine = checksum + (isChecksum ? spaceAfter(lines.at(-1)) : "");
  const dataLines = isChecksum ? lines.slice(0, -1) : lines;
  let taken = 0;
  const filled = dataLines.map((line) => {
    const part = data.slice(taken, taken + content(line).length);
    taken += part.length;
    return part + spaceAfter(line);
  });
  return [...filled, ...(taken < data.length ? [data.slice(taken)] : []), checksumLine];
}

const spaceAfter = (line = ""): string => line.slice(content(line).length);

/** Returns a line without white space at its end. */
const content = (line = ""): string => line.replace(/[\t\r ]+$/, "");
