/** Keys from sources.list(5), its deb822 form and other tools, each with what to write here. */

type Words = readonly (readonly [words: string, answer: string])[];

const ofMirrors: Words = [
  ["component components comp comps section", didYouMean("sections")],
  ["arch archs architecture", didYouMean("architectures")],
  [
    "release releases suite distribution distributions distro dist dists codename codenames",
    didYouMean("suites"),
  ],
  ["uri uris urls mirror mirrors baseurl method host", didYouMean("url")],
  [
    "signedby keyring keyrings trustedkeys",
    "did you mean pgp_key_path, for files with keys, or signed_by, for fingerprints?",
  ],
  ["key keys keyfile gpgkey gpgkeys pgpkey pgpkeys keyringpath gpgkeypath", didYouMean("pgp_key_path")],
  [
    "type types debsrc source sources src",
    "did you mean mirror_source? Binary packages are always mirrored, sources with mirror_source = true",
  ],
  ["trusted allowinsecure allowdowngradetoinsecure gpgcheck nogpgcheck pgpcheck", didYouMean("no_pgp_check")],
  ["checkvaliduntil validuntilmin validuntilmax", didYouMean("allow_expired")],
  ["checkdate datemaxfuture", didYouMean("allow_future")],
  ["lang langs languages", didYouMean("translations")],
  ["target targets", "did you mean contents, translations, dep11 or cnf?"],
  ["udeb udebs", didYouMean("installer")],
  ["exclude excludes blacklist", didYouMean("filters.exclude_patterns")],
  ["byhash", "not needed: by-hash names are mirrored if the upstream has them"],
  ["pdiffs", "not needed: clients read whole indices, and pdiffs are not mirrored"],
  ["enabled", "to leave a mirror out, remove its table or comment it out"],
];

const ofTheFile: Words = [
  ["basepath basedir directory root mirrorpath path target", didYouMean("dir")],
  ["nthreads threads workers parallel concurrency maxconnections connections", didYouMean("max_conns")],
];

export const mirrorWords = byWord(ofMirrors);
export const topWords = byWord(ofTheFile);

function didYouMean(key: string): string {
  return `did you mean ${key}?`;
}

function byWord(words: Words): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.flatMap(([several, answer]) => several.split(" ").map((word) => [word, answer])),
  );
}
