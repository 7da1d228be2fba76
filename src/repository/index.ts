/**
 * What an APT repository is: suites, stanzas, Release, Packages, Sources, paths, digests and the order of versions.
 * Pure: bytes and text in, values out. Does not know where the bytes come from, who signed them, or which files a mirror
 * wants.
 *
 * Metadata is bytes, not UTF-8: text is a latin1 string, in which one character is one byte. Only paths and the fields of
 * Release that are written for people are decoded.
 */
export {
  type DigestAlgorithm,
  type Digests,
  decidingDigests,
  digestAlgorithms,
  hasStrongDigest,
  mergeDigests,
  parseSha256,
  releaseDigestNames,
  type Sha256,
  sameDigests,
  strongestDigest,
} from "./digests.ts";
export { type RepositoryCode, RepositoryError } from "./errors.ts";
export { type Compression, type ListedFile, unlistedBytesMax } from "./listed-file.ts";
export { type BinaryPackage, PackagesReader } from "./packages/packages.ts";
export type { UnnamedRecord } from "./packages/record-reader.ts";
export { parseSourceField } from "./packages/source-field.ts";
export { type SourcePackage, SourcesReader } from "./packages/sources.ts";
export { type FieldName, type Stanza, type StanzaOptions, StanzaReader } from "./packages/stanzas.ts";
export {
  encodePath,
  joinPath,
  normalizePath,
  parseRepositoryPath,
  pathBytesMax,
  type RepositoryDirectory,
  type RepositoryPath,
} from "./paths.ts";
export { type PlainPackage, PlainPackagesReader } from "./plain/plain-packages.ts";
export { isSameText, parseRelease, type Release, sameRelease } from "./release/release.ts";
export type { ListedEntry } from "./release/release-files.ts";
export type { MalformedEntry, ReleaseRemark } from "./release/release-remark.ts";
export { parseSha256Sums } from "./release/sha256sums.ts";
export { type SignatureFileName, Suite, signatureBytesMax, signatureFileNames } from "./suite.ts";
export { quote } from "./text.ts";
export { compareVersions } from "./versions.ts";
