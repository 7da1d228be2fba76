import type { Compression } from "../repository/index.ts";
import { malformed } from "./errors.ts";

/** A member of an ar archive: its name, and where its bytes are in the file. */
export interface ArMember {
  readonly name: string;
  readonly start: number;
  /** The first byte after it. */
  readonly end: number;
  /** Where the header of the next member begins. */
  readonly next: number;
}

const magic = "!<arch>\n";

/** Where the header of the first member begins. */
export const firstHeaderAt = magic.length;
export const headerBytes = 60;

/** Throws a DebError if a file does not begin as an ar archive, deb(5). */
export function checkArMagic(bytes: Uint8Array): void {
  const found = text(bytes, 0, magic.length);
  if (found !== magic) throw malformed("it does not begin as an ar archive", found);
}

/** Reads the header of a member, ar(5): 60 bytes of text, padded with blanks. The member ends within the file. */
export function readArHeader(bytes: Uint8Array, at: number, fileBytes: number): ArMember {
  const name = text(bytes, 0, 16).trimEnd().replace(/\/$/, ""); // GNU ar ends a name with a slash
  const size = text(bytes, 48, 58).trimEnd();
  if (bytes.length < headerBytes || text(bytes, 58, 60) !== "`\n")
    throw malformed("the header of a member of its ar archive is cut or damaged", name);
  if (!/^\d{1,10}$/.test(size)) throw malformed("a member of its ar archive has a malformed size", size);
  const start = at + headerBytes;
  const end = start + Number(size);
  if (end > fileBytes) throw malformed("a member of its ar archive is longer than the file", name);
  return { name, start, end, next: end + (end % 2) };
}

/** Returns how the files of a package are compressed if the member has them, deb(5); undefined for another member. */
export function dataCompressionOf(name: string): Compression | undefined {
  switch (name) {
    case "data.tar":
      return "plain";
    case "data.tar.gz":
      return "gz";
    case "data.tar.xz":
      return "xz";
    case "data.tar.zst":
      return "zst";
    case "data.tar.bz2":
      return "bz2";
    case "data.tar.lzma":
      return "lzma";
    default:
      return undefined;
  }
}

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString("latin1");
