/** The promises of mirrorctl to administrators, and the tests that check them. docs/reliability.md is made of them. */

export interface TestReference {
  /** Relative to the root of the checkout. */
  readonly file: string;
  /** The title of the test, or the part of it that the file contains. */
  readonly name: string;
}

export interface Promised {
  readonly title: string;
  /** Markdown: one or more paragraphs. */
  readonly says: string;
  readonly tests: readonly TestReference[];
}

const e2e = (file: string, ...names: readonly string[]): TestReference[] =>
  names.map((name) => ({ file: `test/e2e/${file}.e2e.test.ts`, name }));
const unit = (file: string, ...names: readonly string[]): TestReference[] =>
  names.map((name) => ({ file: `src/${file}.test.ts`, name }));
const faults = (file: string, ...names: readonly string[]): TestReference[] =>
  names.map((name) => ({ file: `test/faults/${file}.faults.test.ts`, name }));
const law = (file: string, ...names: readonly string[]): TestReference[] =>
  names.map((name) => ({ file: `test/laws/${file}.laws.test.ts`, name }));

export const promises: readonly Promised[] = [
  {
    title: "Only what your keys have signed is published",
    says: `Signatures are judged as gpgv and apt judge them, or more strictly. Before a signature holds, mirrorctl requests nothing
but signature files, and it parses only the text that the signature covers. A Release that is outdated, from the future, of
another suite or weakly signed is refused; one option accepts each of these. A listed path cannot leave its tree or
overwrite metadata. No body, index or download is read further than its listed size. SHA-256 decides for packages and
sources, or SHA-512 if only that is listed, for files on disk as for downloads.

Three known cases are judged less strictly than by apt: a binary signature in an InRelease, a revocation by a designated
revoker, and a revocation of version 3. None of them publishes text that your keys have not signed. Three cases are judged
more strictly: Ed25519 keys that certify themselves with SHA-1, keys without a user ID, and signatures that cannot be
checked and so may be bad, such as one by an encryption key.`,
    tests: [
      ...unit(
        "trust/signature/decide",
        "a signature is judged as gpgv judges it, or more strictly: an InRelease signed",
        "apt accepts what is accepted here: an InRelease signed",
      ),
      ...unit(
        "trust/message/framing.apt",
        "framing is judged as apt judges it, or more strictly: an InRelease",
      ),
      ...unit("trust/verify", "a file with changed or added bytes is refused, or has the signed text"),
      ...unit(
        "trust/signature/unsigned-parts",
        "a critical part there is accepted only if gpgv accepts it",
        "a bad signature cannot be turned into one by an unknown key",
        "a signature that may be bad is refused beside a good one",
      ),
      ...unit(
        "operations/sync/refused-releases",
        "an InRelease is refused, and nothing else is requested, if it is",
        "refuses the second suite before requesting files of the first",
        "accepts a refused Release by its own option only, with a warning",
      ),
      ...unit(
        "operations/sync/hostile-lists",
        "a package is refused before it is requested, if it is listed",
        "a Release is refused if it lists",
      ),
      ...unit("operations/sync/endless-bodies", "a body that is longer than allowed is not read to its end"),
      ...unit("operations/sync/planted-files", "does not follow a link instead of %s into the next tree"),
      ...e2e("bad-upstream", "a sync fails with status 1 and publishes nothing when upstream"),
      ...unit("cli/sync-signatures", "sync checks signatures unless the command line says otherwise"),
    ],
  },
  {
    title: "Clients in the middle of an update do not fail",
    says: `When production moves, a client may hold metadata of the previous production. It still finds every index by hash and every
package of that metadata, for \`publish.grace\`. This does not hold for indices of upstreams without by-hash names.`,
    tests: [
      ...e2e("moving-production", "never fail while production moves", "fail if no files are carried"),
      ...e2e(
        "web-servers/web-servers",
        "clients that update without a pause never fail while production moves",
        "sends the older file after a rollback, whatever newer one the client has",
      ),
      ...e2e("carry", "without snapshots, files of the previous sync stay until their time is over"),
      ...law("carry", "files shown within the grace time stay available, and no tree changes"),
      ...unit("operations/production/keep-files", "stay through further moves until the grace time is over"),
    ],
  },
  {
    title: "A snapshot never changes, and other files are left alone",
    says: `Trees share inodes, so mirrorctl never opens a served file for writing. It does not touch files that it did not make.`,
    tests: [
      ...e2e("unchanged", "no snapshot and no file of others changes through"),
      ...faults("walk/random-walks", "nothing is wrong after any move of the walk with the seed"),
      ...unit("store/partial-file", "never writes to bytes that have another name"),
      ...e2e(
        "repositories",
        "under umask 077, served files are 0644, directories 0755, and state is private",
        "every file has upstream's modification time",
      ),
    ],
  },
  {
    title: "A kill or a power cut leaves the old tree or the new one",
    says: `Any step of any command may fail, may be the last one, or may never happen. Production, staging and the working mirror
each still show one complete tree that verifies. The same command again completes the work, downloads no object a second
time and removes what was left. After a power cut, unflushed data may be missing, but no public name leads to it: what a
command has reported as done is done. \`make soak\` runs these tests at length.`,
    tests: [
      ...faults("snapshots", "%s survives a failure of each of its steps"),
      ...faults(
        "sync",
        "a sync with %s survives a failure of each of its steps",
        "a repair survives a failure of each of its steps",
      ),
      ...e2e("kill", "a kill loses no public file and no completed download"),
      ...e2e("interruption", "is continued by the next"),
      ...e2e("power-cut", "old trees or new ones are whole"),
      ...e2e("durability", "a tree is on disk before it is shown, and history when the command ends"),
      ...faults(
        "order",
        "a tree is flushed before it is shown, and the old one changes afterwards",
        "without coreutils, each file of a tree is flushed before it is shown",
        "after a lost write, which one flush learns of, no mirror of the run shows a tree",
        "carried files are recorded on disk before they are linked and shown",
        "links to a snapshot, then its name, are gone on disk before its files",
      ),
      ...faults(
        "lost-writes",
        "leaves no file of a first sync that a later one would trust",
        "leaves no file of trees that are imported",
        "a flush that fails in a later sync leaves what was shown before, and no more",
      ),
    ],
  },
  {
    title: "A full disk loses nothing",
    says: `A sync computes what it must download and refuses to start if that does not fit. If something else fills the disk
meanwhile, the sync fails and a later one continues it. Clients notice nothing, and the commands that free space need no
free byte.`,
    tests: e2e(
      "full-disk",
      "a sync that does not fit is refused before it downloads anything",
      "a sync whose disk is filled meanwhile fails, and continues once there is room",
      "without a free byte, reading, moving production and freeing space work",
      "a promotion needs room to keep the old production; a rollback does not",
    ),
  },
  {
    title: "Production can go back, and stays back",
    says: `The snapshot that a rollback needs is kept, however many syncs follow. Several mirrors are rolled back together or not at
all. A snapshot that was rolled back is not promoted again, unless somebody forces it and gives a reason.`,
    tests: [
      ...unit(
        "operations/snapshots/prune-snapshots",
        "days of hourly syncs after a promotion leave what a rollback needs",
        "what was rolled back is remembered for the same contents after it was pruned",
      ),
      ...unit(
        "operations/production/roll-back-mirrors",
        "puts back what a cut-off run had moved if the others cannot follow",
        "puts all back if the last link cannot be moved",
        "goes one step in all mirrors if it is repeated after a cut-off run",
      ),
      ...unit(
        "operations/promotion/promote-rolled-back",
        "is not promoted again, and the error has the rollback's time, author and reason",
        "is not promoted under the name of a later snapshot with the same contents",
      ),
    ],
  },
  {
    title: "An update keeps the history, and so does going back",
    says: `The history is the one file that cannot be rebuilt. The first line after an update migrates it in one transaction: every
line is kept, and a kill leaves the old version. A history that a newer mirrorctl wrote is read as far as possible, and
never written; \`status\` and \`history\` name the version. Several processes write it at once without losing a line. While
another one writes, a run waits for five seconds at most, and other runs of its process go on.`,
    tests: [
      ...unit(
        "history/file/versions",
        "is read without changing it",
        "is migrated by the next line, and keeps every line",
        "a kill before the commit leaves the old version",
        "is read, and says which version it has",
        "is not written",
        "is not written if it was migrated after a first look",
      ),
      ...unit("history/file/history", "keeps every line of several processes that write at once"),
      ...unit(
        "history/file/when-free",
        "is written and read once it is free, and others have their turn meanwhile",
        "is waited for five seconds, and then causes a warning",
      ),
    ],
  },
  {
    title: "No command waits longer than necessary",
    says: `One run at a time changes a mirror. Commands that only read never wait. A sync that takes hours does not block a
rollback. The kernel holds each lock and releases it when the process ends.`,
    tests: [
      ...e2e(
        "concurrency",
        "production moves, rolls back and is pruned while a sync runs",
        "ten readers never wait, and see the old production or the new one",
      ),
      ...e2e("bad-input", "a second run ends at once with status 4 and names the first; readers go on"),
      ...e2e("interruption", "the lock of a killed run is free at once"),
      ...unit("platform/locks/lock", "is free as soon as that process is killed with kill -9"),
    ],
  },
  {
    title: "apt sees no difference between a mirror and its upstream",
    says: `For imitations of well-known repositories, apt requests the same files from the mirror as from the upstream, gets the same
bytes and prints the same messages. If an index that clients need cannot be mirrored as it was signed, the sync fails. An
optional index is left out, with a warning, only if the upstream lacks it or apt ignores it too. Files of one Release are
never mixed with files of the next.`,
    tests: [
      ...e2e("vendor-repositories", "apt prints the same and gets the same packages for all of them"),
      ...unit(
        "operations/sync/odd-indices",
        "an index that clients need",
        "an index that is listed without SHA-256 and SHA-512",
        "does not read an index to its end that decompresses to too much",
      ),
      ...unit(
        "operations/sync/signature-files",
        "is a failure, without a look at Release",
        "a pair that follows its InRelease later is taken",
        "a new signature of the same Release replaces the old one",
      ),
      ...unit(
        "operations/sync/moving-upstream",
        "reads the next Release if it is replaced before its Packages is read",
        "fails after three attempts if indices never catch up, and shows nothing",
      ),
    ],
  },
  {
    title: "Damage on disk is found, kept out of new trees, and repaired",
    says: `\`snapshot verify\` compares a tree with what the upstream signed, not with a separate list. A repair gives every name of a
damaged file the right bytes, in every tree of every mirror, and changes nothing else. It names what it cannot repair.`,
    tests: [
      ...unit(
        "operations/verify/verify-snapshots",
        "finds missing files and wrong sizes; wrong bytes in metadata, with --deep in all",
        "finds no damage where a file is missing for a reason, and changes nothing",
        "by a sync, which downloads them again although upstream has nothing new",
      ),
      ...unit(
        "operations/verify/repair/repair",
        "is downloaded once for all its names in all trees; nothing else changes",
        "reports what upstream has lost and what to do, and repairs the rest",
      ),
      ...e2e(
        "verify",
        "a killed repair makes no tree worse, and the next one completes it",
        "reports damage to a user who may only read, and that it may spread",
      ),
      ...unit(
        "operations/verify/record-findings",
        "is in the history and in status until an equally deep check finds nothing",
        "is recorded for unchecked trees that share the file, and so is its repair",
      ),
      ...e2e("status", "from finding damage to its repair, and promote refuses meanwhile"),
      ...e2e("full-disk", "a repair without room changes nothing, and one with room completes it"),
    ],
  },
  {
    title: "Any input is read or refused",
    says: `Every parser of untrusted bytes is fuzzed. It accepts an input or refuses it with one line, in time and memory that grow
no faster than the input. Paths stay below the mirror. What is accepted as signed is exactly the text that gpgv and apt
accept as signed. \`make fuzz\` runs for as long as you like.`,
    tests: [
      { file: "test/fuzz/readers.fuzz.test.ts", name: "keeps its properties for mutated inputs" },
      { file: "test/fuzz/corpus.test.ts", name: "keeps its properties for its kept corpus" },
    ],
  },
  {
    title: "mirrorctl reads an index as apt does",
    says: `Stanzas, packages, sources and versions are compared with what apt itself reads, for generated text and for Debian's own
archive. If apt would silently lose a field or a package, the sync fails and names the line. There is one exception: an
index that begins with two empty lines is accepted, although apt refuses it.`,
    tests: [
      ...unit(
        "repository/packages/stanzas.apt",
        "reads every layout of fields, folds and empty lines as apt does",
        "reads any text as apt does, or refuses it",
      ),
      ...unit(
        "repository/packages/stanzas",
        "reads or refuses a file in the same way, wherever it is cut",
        "names the line that apt would misread, anywhere in a file",
      ),
      ...unit(
        "repository/packages/packages.apt",
        "reads the path, size and digest that apt downloads, from every layout",
      ),
      ...unit(
        "repository/packages/sources.apt",
        "reads what apt-get source downloads, from every layout and all lists",
      ),
      ...unit("repository/versions", "agrees with apt", "agrees with dpkg"),
      ...e2e("genuine-packages", "every package of Debian's archive is read as apt reads it"),
    ],
  },
];
