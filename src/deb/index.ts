/**
 * What is inside a .deb, deb(5): an ar archive with a tar archive of the files. Pure: bytes in, values out. Every length
 * is bounded; extracts nothing.
 */
export {
  type ArMember,
  checkArMagic,
  dataCompressionOf,
  firstHeaderAt,
  headerBytes,
  readArHeader,
} from "./ar.ts";
export { DebError, unreadHint } from "./errors.ts";
export { type TarEntry, TarReader, type TarReading } from "./tar-reader.ts";
