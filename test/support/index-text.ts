import { type DigestName, digestOf } from "./digests.ts";
import { tar } from "./tar-archive.ts";

/** A binary package and its path in the archive. */
export interface PooledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly component: string;
  /** Relative to the repository's base, as Packages has it. */
  readonly filename: string;
  readonly bytes: Buffer;
  readonly control: string;
  readonly installs: readonly string[];
}

/** Ends each stanza with an empty line: apt refuses a Packages of two stanzas without the final one. */
export function packagesText(packages: readonly PooledPackage[], digests: readonly DigestName[]): string {
  return packages.map((pooled) => `${packagesStanza(pooled, digests)}\n`).join("");
}

function packagesStanza(pooled: PooledPackage, digests: readonly DigestName[]): string {
  const sums = digests.map((digest) => `${stanzaFields[digest]}: ${digestOf(pooled.bytes, digest)}\n`);
  return (
    `${pooled.control}Description-md5: ${descriptionMd5(pooled)}\n` +
    `Filename: ${pooled.filename}\nSize: ${pooled.bytes.length}\n${sums.join("")}`
  );
}

const stanzaFields: Readonly<Record<DigestName, string>> = {
  MD5Sum: "MD5sum",
  SHA1: "SHA1",
  SHA256: "SHA256",
  SHA512: "SHA512",
};

export function translationText(packages: readonly PooledPackage[], language: string): string {
  const stanza = (pooled: PooledPackage) =>
    `Package: ${pooled.name}\nDescription-md5: ${descriptionMd5(pooled)}\n` +
    `Description-${language}: ${descriptionOf(pooled)}\n\n`;
  return packages.map(stanza).join("");
}

// apt's pkgRecords: the sum covers the description and a final newline.
const descriptionMd5 = (pooled: PooledPackage): string => digestOf(`${descriptionOf(pooled)}\n`, "MD5Sum");

const descriptionOf = ({ control }: PooledPackage): string =>
  /^Description: (.*(?:\n .*)*)/m.exec(control)?.[1] ?? "";

/** Returns Contents as Debian has it: path, blanks, section/package. */
export function contentsText(packages: readonly PooledPackage[]): string {
  const lines = packages.flatMap(({ installs, name }) => installs.map((path) => `${path}  misc/${name}\n`));
  return lines.toSorted().join("");
}

/** Returns an AppStream DEP-11 catalogue that has only its header. */
export const dep11Text = (suite: string, component: string): string =>
  `---\nFile: DEP-11\nVersion: '1.0'\nOrigin: fake-${suite}-${component}\nMediaBaseUrl: https://media.example.org/\n`;

/** Returns the icons of a DEP-11 catalogue: a tar with one file. */
export const dep11Icons = (size: string): Promise<Buffer> =>
  tar({ [`hello_${size}.png`]: Buffer.from("\u0089PNG", "latin1") });

/** Returns an index of Ubuntu's command-not-found: commands and their packages. */
export function commandsText(
  suite: string,
  component: string,
  architecture: string,
  packages: readonly PooledPackage[],
): string {
  const commands = packages.map(
    ({ name, version }) => `name: ${name}\nversion: ${version}\ncommands: ${name}\n\n`,
  );
  return `suite: ${suite}\ncomponent: ${component}\narch: ${architecture}\n\n${commands.join("")}`;
}

/** Returns the small unsigned Release in the directory of each Packages and Sources, which debian-installer reads. */
export const directoryReleaseText = (suite: string, component: string, architecture: string): string =>
  `Archive: ${suite}\nOrigin: Fake\nLabel: Fake\nAcquire-By-Hash: yes\nComponent: ${component}\nArchitecture: ${architecture}\n`;
