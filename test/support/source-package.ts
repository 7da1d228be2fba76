import { type DigestName, digestOf } from "./digests.ts";
import { type FileContents, tarGz } from "./tar-archive.ts";

export interface SourceOptions {
  readonly package: string;
  /** With a Debian revision: an upstream tarball and debian.tar.gz. Without: one native tarball. */
  readonly version: string;
  /** The upstream files: path -> content. */
  readonly files?: FileContents;
  /** More fields of .dsc and Sources. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface SourcePackage {
  /** name -> content: the .dsc and the tarballs that it lists. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The stanza of Sources without Directory and without a final empty line. */
  readonly stanza: string;
}

/** Makes a source package, dsc(5), that `apt-get source` downloads and checks. */
export async function sourcePackage(
  options: SourceOptions,
  digests: readonly DigestName[],
): Promise<SourcePackage> {
  const tarballs = await tarballsOf(options);
  const fields = fieldsOf(options);
  const dsc = Buffer.from(
    `Format: ${isNative(options.version) ? "3.0 (native)" : "3.0 (quilt)"}\n` +
      `Source: ${options.package}\n${fields}${fileLists(tarballs, digests)}`,
  );
  const files = new Map([[`${options.package}_${withoutEpoch(options.version)}.dsc`, dsc], ...tarballs]);
  return { files, stanza: `Package: ${options.package}\n${fields}${fileLists(files, digests)}` };
}

/** deb-version(7): file names do not contain the epoch. */
export const withoutEpoch = (version: string): string => version.replace(/^\d+:/, "");

const isNative = (version: string): boolean => !version.includes("-");

async function tarballsOf({ package: name, version, files }: SourceOptions): Promise<Map<string, Buffer>> {
  const upstreamVersion = withoutEpoch(version).replace(/-[^-]*$/, "");
  const upstream = below(`${name}-${upstreamVersion}`, files ?? { README: `${name} ${upstreamVersion}\n` });
  const debian = below("debian", {
    changelog: `${name} (${version}) unstable; urgency=low\n\n  * Test.\n\n -- Test Archive <archive@example.org>  Wed, 01 Jan 2020 00:00:00 +0000\n`,
    control: `Source: ${name}\nMaintainer: Test Archive <archive@example.org>\n\nPackage: ${name}\nArchitecture: any\nDescription: test\n`,
  });
  if (isNative(version)) {
    const everything = { ...upstream, ...below(`${name}-${upstreamVersion}`, debian) };
    return new Map([[`${name}_${upstreamVersion}.tar.gz`, await tarGz(everything)]]);
  }
  return new Map([
    [`${name}_${upstreamVersion}.orig.tar.gz`, await tarGz(upstream)],
    [`${name}_${withoutEpoch(version)}.debian.tar.gz`, await tarGz(debian)],
  ]);
}

const below = (directory: string, files: FileContents): FileContents =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${directory}/${path}`, content]));

function fieldsOf(options: SourceOptions): string {
  const fields = {
    Binary: options.package,
    Architecture: "any",
    Version: options.version,
    Maintainer: "Test Archive <archive@example.org>",
    ...options.fields,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

function fileLists(files: ReadonlyMap<string, Buffer>, digests: readonly DigestName[]): string {
  const list = (digest: DigestName) =>
    [...files].map(([name, content]) => ` ${digestOf(content, digest)} ${content.length} ${name}\n`).join("");
  return digests.map((digest) => `${listFields[digest]}:\n${list(digest)}`).join("");
}

const listFields: Readonly<Record<DigestName, string>> = {
  MD5Sum: "Files",
  SHA1: "Checksums-Sha1",
  SHA256: "Checksums-Sha256",
  SHA512: "Checksums-Sha512",
};
