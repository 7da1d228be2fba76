import type { Remark } from "../drafts/imported.ts";

/** The variables of debmirror.conf whose names are not those of their options. */
export const optionOfVariable: Readonly<Record<string, string>> = {
  dists: "dist",
  sections: "section",
  arches: "arch",
  remoteroot: "root",
  download_method: "method",
  includes: "include",
  excludes: "exclude",
  do_source: "source",
  di_dists: "di-dist",
  di_arches: "di-arch",
  di_archs: "di-arch", // the sample of the package has this name, which debmirror does not read
  ignores: "ignore",
  keyrings: "keyring",
  diff_mode: "diff",
  excludes_deb_section: "exclude-deb-section",
  pre_cleanup: "precleanup",
  post_cleanup: "postcleanup",
  verify_checksums: "checksums",
};

const shortOptions: Readonly<Record<string, string>> = {
  h: "host",
  r: "root",
  d: "dist",
  s: "section",
  a: "arch",
  e: "method",
  u: "user",
  t: "timeout",
  p: "progress",
  v: "verbose",
  m: "md5sums",
};

/** The options with a value, which may be the next argument. */
const valued = words(
  "host root dist section arch method user passwd exclude include exclude-deb-section include-field exclude-field limit-priority rsync-extra di-dist di-arch keyring proxy timeout diff max-batch rsync-batch ignore state-cache-days rsync-options gzip-options retry-rsync-packages config-file",
);

/** The options without one. Some have an opposite, such as --nosource. */
const switches = words(
  "debug progress verbose source checksums md5sums passive precleanup cleanup postcleanup nocleanup skippackages i18n getcontents ignore-missing-release ignore-release-gpg check-gpg dry-run ignore-small-errors omit-suite-symlinks allow-dist-rename debmarshal slow-cpu disable-ssl-verification help version",
);
const negatable = new Set(["source", "checksums", "passive", "check-gpg"]);

export const hasValue = (option: string): boolean => valued.has(option);

/** Returns the whole name of an option, which debmirror lets people shorten. The text itself if there is none. */
export function optionNamed(text: string): string {
  const name = text.toLowerCase();
  const short = Object.hasOwn(shortOptions, name) ? shortOptions[name] : undefined;
  if (short !== undefined) return short;
  const opposite = /^no-?(.+)$/.exec(name)?.[1];
  if (opposite !== undefined && negatable.has(opposite)) return `no${opposite}`;
  const all = [...valued, ...switches];
  if (all.includes(name)) return name;
  const [only, ...others] = all.filter((one) => one.startsWith(name));
  return only !== undefined && others.length === 0 ? only : name;
}

type Meaning = readonly [kind: Remark["kind"], means: string];

const paths = "its patterns are of paths; exclude_patterns are of names of packages";

const meanings: Readonly<Record<string, Meaning>> = {
  host: ["imported", "url"],
  root: ["imported", "url"],
  method: ["imported", "url"],
  dist: ["imported", "suites"],
  section: ["imported", "sections"],
  arch: ["imported", "architectures"],
  source: ["imported", "mirror_source"],
  nosource: ["imported", "mirror_source"],
  i18n: ["imported", "translations"],
  getcontents: ["imported", "contents"],
  keyring: ["imported", "pgp_key_path"],
  user: ["imported", "auth.conf"],
  passwd: ["imported", "auth.conf"],
  "di-dist": ["changed", "installer = true: for all suites of the mirror"],
  "di-arch": ["changed", "installer = true: for all architectures of the mirror"],
  "check-gpg": ["imported", "no_pgp_check"],
  "nocheck-gpg": ["imported", "no_pgp_check = true, which each run warns of"],
  "disable-ssl-verification": ["imported", "[tls] insecure_skip_verify = true, which each run warns of"],
  mirrordir: ["changed", "mirrorctl keeps its own tree in dir, and leaves that of debmirror alone"],
  exclude: ["dropped", paths],
  include: ["dropped", "nothing takes back what exclude_patterns leave out"],
  "exclude-deb-section": ["dropped", "packages cannot be left out by their section"],
  "exclude-field": ["dropped", "packages cannot be left out by other fields than their name and version"],
  "include-field": ["dropped", "packages cannot be chosen by other fields than their name and version"],
  "limit-priority": ["dropped", "packages cannot be left out by their priority"],
  "rsync-extra": ["dropped", "only what Release and its indices list is mirrored"],
  proxy: ["dropped", "proxies come from the environment: http_proxy, https_proxy and no_proxy"],
  "config-file": ["dropped", "import that file too"],
  debmarshal: ["changed", "[snapshot] keeps snapshots: see docs/staging-and-production.md"],
  "ignore-missing-release": [
    "changed",
    "not supported, and rarely needed: without a Release nothing is mirrored",
  ],
  "ignore-release-gpg": ["changed", "not supported: a signature that does not hold is always refused"],
};

/** How debmirror works, not what it mirrors. */
const workings = words(
  "progress verbose debug md5sums checksums nochecksums cleanup nocleanup postcleanup precleanup timeout max-batch diff gzip-options rsync-options rsync-batch state-cache-days ignore ignore-small-errors slow-cpu allow-dist-rename omit-suite-symlinks passive nopassive skippackages dry-run help version retry-rsync-packages check-md5sums check-downloads no-cleanup",
);

/** Says what an option means here. */
export function meaningOfOption(name: string): Meaning {
  const known = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  if (known !== undefined) return known;
  return workings.has(name)
    ? ["changed", "not needed: about the way debmirror works"]
    : ["dropped", "not known"];
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
