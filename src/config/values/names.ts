import { nameBytesMax } from "../../snapshot-name.ts";
import { valueInvalid } from "../errors.ts";

/**
 * Parses a suite as in apt: "noble", "stable/updates", or with a final "/" for a flat repository. A flat "./sub/" is
 * the same directory as "sub/", and the shorter form is returned.
 */
export function parseSuite(text: string): string {
  if (text === "/" || text === "./") return text;
  const suite = isFlatSuite(text) ? text.replace(/^\.\//, "") : text;
  const advice =
    adviceOnVariable(text, oneSuiteForEach) ?? (isFlatSuite(text) ? undefined : adviceOnList(text));
  if (advice !== undefined || !isSafePath(suite.replace(/\/$/, "")))
    throw valueInvalid(text, suiteType, advice);
  return suite;
}

const oneSuiteForEach =
  'Write a suite for each architecture, such as suites = ["amd64/", "arm64/"]; clients may keep the variable';

/**
 * Returns true for a flat suite, whose indices are in the directory of its Release, without sections: sources.list(5),
 * an exact path.
 */
export function isFlatSuite(suite: string): boolean {
  return suite.endsWith("/");
}

/** Parses a section (a component of apt) such as "main" or "updates/main". */
export function parseSection(text: string): string {
  const advice = adviceOnVariable(text, "Write the name of the section") ?? adviceOnList(text);
  if (advice !== undefined || !isSafePath(text)) throw valueInvalid(text, sectionType, advice);
  return text;
}

/** Parses the name of a binary package. dpkg allows more than the policy, such as upper case and one letter. */
export function parsePackageName(text: string): string {
  if (!isPackageName(text)) throw valueInvalid(text, packageNameType, adviceOnList(text));
  return text;
}

const isPackageName = (text: string): boolean => /^[A-Za-z0-9][\w.+-]*$/.test(text);

/**
 * Parses what apt-get shall install: the name of a package, with an architecture if only machines of that one do. A name
 * with a "-" at its end would mean a removal to apt-get.
 */
export function parseInstallName(text: string): string {
  const [name = "", architecture, ...more] = text.split(":");
  if (more.length > 0 || name.endsWith("-") || !isPackageName(name))
    throw valueInvalid(text, installNameType, adviceOnList(text));
  if (architecture !== undefined) parseArchitecture(architecture);
  return text;
}

/** Parses a pattern of names of packages, as a shell reads it: "*" for any text, "?" for any character. */
export function parsePackageGlob(text: string): string {
  if (!/^[A-Za-z0-9*?][\w.+*?:-]*$/.test(text) || text.includes("+("))
    throw valueInvalid(text, packageGlobType, adviceOnList(text));
  return text;
}

export function parseArchitecture(text: string): string {
  const advice =
    notArchitectures[text.toLowerCase()] ??
    adviceOnVariable(text, "Write the names of the architectures") ??
    adviceOnList(text);
  // "binary-amd64" is the directory of amd64.
  if (!/^(?!binary-)[A-Za-z0-9][\w.+-]*$/.test(text) || advice !== undefined || !isSafePath(text))
    throw valueInvalid(text, architectureType, advice);
  return text;
}

/** Separators between several names in apt, debmirror and others. */
const adviceOnList = (text: string): string | undefined =>
  /[,\s]/.test(text.trim()) ? "write each name in quotes of its own, with a comma between them" : undefined;

const sourcesAdvice = "source packages have no architecture; mirror_source = true mirrors them";
const wildcardAdvice = "name each architecture; what is for all of them is always mirrored";

/** Words that other tools list with architectures. */
const notArchitectures: Readonly<Record<string, string | undefined>> = {
  source: sourcesAdvice,
  sources: sourcesAdvice,
  src: sourcesAdvice,
  "deb-src": sourcesAdvice,
  any: wildcardAdvice,
  "linux-any": wildcardAdvice,
  "*": wildcardAdvice,
};

/** Parses the name of a link beside dists/ and pool/; one path segment. */
export function parseLinkName(text: string): string {
  const isTaken = text === "dists" || text === "pool" || text.startsWith(".");
  const isLong = Buffer.byteLength(text) > nameBytesMax;
  if (!isSafePath(text) || text.includes("/") || isTaken || isLong) throw valueInvalid(text, linkNameType);
  return text;
}

/**
 * Parses a fingerprint of OpenPGP version 4 or 6. Returns it in upper case, without gpg's blanks, and keeps a final
 * "!".
 */
export function parseFingerprint(text: string): string {
  const fingerprint = text.replace(/^0x/i, "").replaceAll(" ", "").toUpperCase();
  if (/^(?:[0-9A-F]{40}|[0-9A-F]{64})!?$/.test(fingerprint)) return fingerprint;
  const isFile = /\/|\.(?:asc|gpg|pgp)$/i.test(text);
  throw valueInvalid(text, fingerprintType, isFile ? "pgp_key_path names files with keys" : undefined);
}

export const suiteType = 'a suite such as "noble", "stable/updates" or "./", without ".." and blanks';
export const sectionType = 'a section such as "main" or "updates/main", without ".." and blanks';
export const packageNameType = 'the name of a package such as "openssl"';
export const installNameType =
  'the name of a package such as "openssl", or "grub-pc:amd64" for one architecture';
export const packageGlobType = 'a pattern of names such as "linux-image-*"';
export const architectureType = 'an architecture such as "amd64"';
export const linkNameType = `a name of at most ${nameBytesMax} bytes without "/" and blanks, not "dists", "pool" or starting with "."`;
export const fingerprintType =
  'a fingerprint of 40 or 64 hexadecimal digits, with "!" at its end for that key alone';

/** Returns true for relative paths without "..": these names become directories here and parts of URLs. */
function isSafePath(text: string): boolean {
  if (/[\s\p{Cc}\\]/u.test(text)) return false;
  return text.split("/").every((segment) => {
    return segment !== "" && segment !== "." && segment !== ".." && Buffer.byteLength(segment) <= 255;
  });
}

/** Advises what to write instead of a variable; undefined if the text has none. */
export function adviceOnVariable(text: string, instead: string): string | undefined {
  const [variable] = /\$\(\w+\)|\$\{\w+\}/.exec(text) ?? [];
  if (variable === undefined) return undefined;
  const why =
    variable === "$(ARCH)"
      ? "apt replaces it with the architecture of each client, and mirrorctl does not"
      : "mirrorctl does not replace it";
  return `${variable} is a variable: ${why}. ${instead}`;
}
