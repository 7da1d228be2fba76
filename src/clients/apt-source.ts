import type { Release, Suite } from "../repository/index.ts";

/** One suite of a mirror, for a machine that installs from it. */
export interface AptSource {
  /** The id of the mirror. apt's messages have it in place of a path. */
  readonly mirror: string;
  /** The absolute path of the tree. */
  readonly tree: string;
  readonly suite: Suite;
  readonly release: Release;
  /** False if clients get Release and Release.gpg only. */
  readonly hasInRelease: boolean;
  /** Empty for a flat suite. */
  readonly components: readonly string[];
  /** Those that the machine reads of this suite, if they are not all that it accepts. */
  readonly architectures: readonly string[] | undefined;
  readonly withSources: boolean;
  readonly withTranslations: boolean;
  readonly trust: AptTrust;
  /** Packages that the indices of the tree list and the tree lacks, because the filters of the mirror left them out. */
  readonly leftOut: readonly ListedVersion[];
  /** What the mirror accepted, and its clients have to accept too. */
  readonly accepts: { readonly expired: boolean; readonly future: boolean; readonly weak: boolean };
}

export interface ListedVersion {
  readonly name: string;
  readonly version: string;
  /** May be "all". */
  readonly architecture: string;
}

/** The signatures that clients accept, as the mirror does. */
export type AptTrust =
  | { readonly kind: "unchecked" }
  | {
      readonly kind: "keys";
      /** Binary OpenPGP keys, one after the other. */
      readonly keys: Uint8Array;
      /** As for Signed-By; empty: each of the keys. */
      readonly fingerprints: readonly string[];
      readonly mayHaveExpired: boolean;
    };

/** Where a private root has what a source needs. */
export interface SourcePlaces {
  /** The URI of the repository. */
  readonly uri: string;
  /** The file of the keys. */
  readonly keyFile: string;
}

/** Returns the stanza of sources.list(5), without a line end. */
export function sourceStanza(source: AptSource, { uri, keyFile }: SourcePlaces): string {
  const { suite, components, architectures, trust, accepts, withSources, withTranslations } = source;
  const fields = {
    Types: withSources ? "deb deb-src" : "deb",
    URIs: uri,
    Suites: suite.name,
    Components: components.join(" "),
    Architectures: architectures?.join(" ") ?? "",
    Languages: withTranslations ? "en" : "none",
    "Signed-By": trust.kind === "keys" ? [keyFile, ...fingerprintsForApt(trust.fingerprints)].join(" ") : "",
    // apt has no option for one of these alone. What it says of signatures is judged by `isExpected`.
    Trusted: trust.kind === "unchecked" || trust.mayHaveExpired || hasAcceptedWeakness(source) ? "yes" : "",
    "Check-Valid-Until": accepts.expired ? "no" : "",
    "Check-Date": accepts.future ? "no" : "",
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/**
 * Returns the preferences that keep apt from what was left out; see apt_preferences(5). Machines without these would choose it
 * too, and get a 404.
 */
export function preferencesOf(sources: readonly AptSource[]): string {
  const stanzas = sources.flatMap(({ leftOut }) =>
    leftOut.map(({ name, version, architecture }) => {
      const named = architecture === "all" ? name : `${name}:${architecture}`;
      return `Package: ${named}\nPin: version ${version}\nPin-Priority: -1\n`;
    }),
  );
  return [...new Set(stanzas)].join("\n");
}

/** apt takes fingerprints of version 4 keys only, and refuses the whole list for any other. */
const fingerprintsForApt = (fingerprints: readonly string[]): readonly string[] =>
  fingerprints.filter((fingerprint) => /^[0-9A-F]{40}!?$/.test(fingerprint));

/**
 * Returns whether a complaint of apt is what the mirror accepted, knowingly or because upstream is always so: its clients see
 * the same line with each update.
 */
export function isExpected(complaint: string, source: AptSource, { uri }: SourcePlaces): boolean {
  const { release, suite, trust, hasInRelease } = source;
  const described = `${uri} ${suite.name}`;
  const isAbout = (file: string): boolean =>
    complaint.startsWith("Ign:") && complaint.endsWith(` ${described} ${file}`);
  if (isAbout("InRelease")) return !hasInRelease || trust.kind === "unchecked" || trust.mayHaveExpired;
  if (isAbout("Release.gpg")) return trust.kind === "unchecked";
  if (!complaint.startsWith("W: ")) return false;
  if (complaint.startsWith(`W: Conflicting distribution: ${described} `))
    return suite.foreignNames(release).length > 0;
  if (signatureProblem.test(complaint) && complaint.includes(`: ${described} `))
    return trust.kind === "unchecked" || (trust.mayHaveExpired && / EXPKEYSIG /.test(complaint));
  const isOfFile = complaint.includes(listName(`${uri}/${suite.root}`));
  if (complaint.startsWith("W: Invalid 'Date' entry ")) return isOfFile && release.date === undefined;
  return isOfFile && complaint.startsWith("W: No Hash entry ") && hasAcceptedWeakness(source);
}

/** Returns the start of the names under which apt keeps the files of a directory. */
const listName = (uri: string): string =>
  `${uri
    .replace(/^file:/, "")
    .replaceAll("_", "%5f")
    .replaceAll("/", "_")}_`;

/** In the words of apt 2.6, 3.0 and 3.3. */
const signatureProblem =
  /^W: (?:GPG error|OpenPGP signature verification failed|Signature verification failed): /;

/** Returns true if Release has MD5 and SHA-1 only, which apt accepts from a trusted source alone. */
const hasAcceptedWeakness = ({ accepts, release }: AptSource): boolean =>
  accepts.weak &&
  [...release.files.values()].every(
    ({ digests }) => digests.sha256 === undefined && digests.sha512 === undefined,
  );
