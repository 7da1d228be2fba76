import * as v from "valibot";
import { nameBytesMax } from "../../snapshot-name.ts";
import { ConfigError, valueInvalid } from "../errors.ts";
import {
  architectureType,
  fingerprintType,
  parseArchitecture,
  parseFingerprint,
  parseSection,
  parseSuite,
  sectionType,
  suiteType,
} from "../values/names.ts";
import { filePathType, parseFilePath } from "../values/paths.ts";
import { parseUpstreamUrl, upstreamUrlType } from "../values/upstream-url.ts";
import { gatesTable } from "./gate-options.ts";
import { mirrorWords } from "./known-words.ts";
import { listOf, oneOrMoreOf, option, parsed, table } from "./option.ts";
import { publishTable, snapshotTable } from "./snapshot-options.ts";
import { tlsTable } from "./tls-options.ts";

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const flag = <const Default extends boolean>(byDefault: Default, help: string) =>
  option(v.boolean(), { type: "true or false", default: byDefault, help });

const filtersTable = table(
  "The packages and source packages to leave out. The metadata stays as it was signed.",
  {
    keep_versions: option(wholeNumber, {
      type: "a whole number; 0 keeps all",
      default: 0,
      help: "Keeps that many of the newest versions of each package, architecture and variant, and of each source package, in the order of dpkg.",
    }),
    keep_source_versions: option(wholeNumber, {
      type: "a whole number; 0 keeps all",
      default: 0,
      help: "Keeps that many of the newest versions of each source package, with all packages that were built from them, for each architecture and variant. For kernels, whose packages have the version in their names, so that `keep_versions` keeps them all. With both, `keep_versions` counts what this one leaves.",
    }),
    exclude_patterns: option(v.array(parsed(parsePattern)), {
      type: "a list of regular expressions",
      default: [],
      help: "Leaves out packages whose name, or `name_version`, matches one of them, in the syntax of JavaScript. A pattern matches anywhere in the text unless it is anchored with `^` or `$`.",
    }),
  },
);

const mirrorEntries = {
  url: option(oneOrMoreOf(parsed(parseUpstreamUrl)), {
    type: `${upstreamUrlType}, or a list of them`,
    required: true,
    help: "The URL of the upstream, with suites below it in `dists/`. A list is tried in order.",
  }),
  suites: option(v.pipe(listOf(parsed(parseSuite)), v.minLength(1)), {
    type: `a list with at least one item, each ${suiteType}`,
    required: true,
    help: "The suites to mirror. One that ends in `/` is a flat repository, as in apt's sources.list; `./sub/` is the same as `sub/`.",
  }),
  sections: option(v.pipe(listOf(parsed(parseSection)), v.minLength(1)), {
    type: `a list with at least one item, each ${sectionType}`,
    emptyIsUnset: "list",
    defaultText: "required, unless every suite is flat",
    help: "The sections (apt calls them components) to mirror. If only some suites of the mirror have one, that is a warning; if none has it, an error.",
  }),
  architectures: option(v.pipe(listOf(parsed(parseArchitecture)), v.minLength(1)), {
    type: `a list with at least one item, each ${architectureType}`,
    emptyIsUnset: "list",
    defaultText: "required, unless every suite is flat",
    help: "The architectures to mirror; `all` is always included. A suite may lack one, as with sections. List variants such as `amd64v3` like architectures: clients that enable one cannot update from a mirror without it if the upstream lists it.",
  }),
  mirror_source: flag(false, "Mirrors source packages too."),
  pgp_key_path: option(oneOrMoreOf(parsed(parseFilePath)), {
    type: `${filePathType}, or a list of them`,
    names: "public-keys",
    defaultText: "apt's own trusted keys",
    help: "Files with the OpenPGP keys that may sign this upstream, armored or binary, each with any number of keys. If unset, these are the `.gpg`, `.asc` and `.pgp` files in `/etc/apt/trusted.gpg.d` and `/usr/share/keyrings/*-archive-keyring.*`; backups such as `x.gpg~` are not read.",
  }),
  signed_by: option(oneOrMoreOf(parsed(parseFingerprint)), {
    type: `${fingerprintType}, or a list of them`,
    defaultText: "any of the keys",
    help: "Only the keys with these fingerprints may sign, as with apt's Signed-By.",
  }),
  no_pgp_check: flag(false, "Accepts files without a signature, or signed by anyone. Each run warns of it."),
  publish_to_staging: flag(false, "Makes a snapshot of each sync and points staging at it."),
  allow_missing: flag(
    false,
    "Continues, with a report, if the upstream lacks listed packages or has them with other bytes. Each sync requests these again, once.",
  ),
  allow_expired: flag(false, "Accepts a Release that is past its Valid-Until."),
  allow_expired_keys: flag(
    false,
    "Accepts what a key signed before it expired, as archived suites need it. A revoked or weak key is still refused.",
  ),
  allow_older: flag(false, "Accepts a Release that is older than the held one."),
  allow_future: flag(
    false,
    "Accepts a Release or a signature from the future. A later Release with an earlier Date then counts as older.",
  ),
  allow_renamed: flag(
    false,
    "Accepts a Release that no longer has the name of the suite in Suite or Codename, although the held one had it.",
  ),
  allow_weak: flag(false, "Accepts metadata that lists nothing stronger than MD5 or SHA-1."),
  contents: flag(true, "Mirrors the Contents indices, which apt-file reads."),
  translations: flag(true, "Mirrors the Translation indices: descriptions of packages."),
  dep11: flag(true, "Mirrors the DEP-11 indices and icons, which software centres read."),
  cnf: flag(true, "Mirrors the indices of command-not-found."),
  installer: flag(false, "Mirrors what debian-installer needs: its packages (udebs) and its boot images."),
  filters: filtersTable,
  snapshot: snapshotTable,
  publish: publishTable,
  gates: gatesTable,
  tls: tlsTable,
} as const;

export const mirrorTable = table("One upstream, and the parts of it to mirror.", mirrorEntries, mirrorWords);

/** Parses the id of a mirror. It names a directory below `dir` and files of ours, and is a word of commands and a part of URLs. */
export function parseMirrorId(text: string): string {
  if (isMirrorId(text)) return text;
  throw valueInvalid(
    text,
    `the id of a mirror: at most ${nameBytesMax} lower-case letters, digits, "-" and "_", the first a letter or a digit`,
  );
}

export const isMirrorId = (text: string): boolean =>
  /^[a-z0-9][a-z0-9_-]*$/.test(text) && text.length <= nameBytesMax;

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const found = JSON.stringify(text);
    throw new ConfigError(
      "VALUE_INVALID",
      `found ${found}, expected a regular expression: ${error.message}`,
      {
        facts: { found: text },
        cause: error,
      },
    );
  }
}
