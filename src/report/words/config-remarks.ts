/** The remarks of `check config`. Operations find the facts; the words are here. */
import { countOf, formatSpan } from "../units.ts";

export type ConfigRemark =
  | { readonly kind: "snapshots-copied"; readonly path: string; readonly dir: string }
  | { readonly kind: "few-inodes"; readonly dir: string; readonly inodes: number }
  | { readonly kind: "signatures-unchecked"; readonly mirror: string }
  | { readonly kind: "certificates-unchecked"; readonly mirror: string }
  /** Each sync stages its snapshot, and a gate requires a time in staging. */
  | { readonly kind: "staging-restarts"; readonly mirror: string; readonly stagedMs: number }
  | { readonly kind: "passwords-exposed"; readonly path: string }
  /** A file with a secret of [[notify]], which everybody on this machine may read. */
  | { readonly kind: "secrets-exposed"; readonly path: string }
  /** With a sync a day, snapshots are kept for `keptMs`, which is shorter than min_package_age. */
  | {
      readonly kind: "cooldown-outlasts-snapshots";
      readonly mirror: string;
      readonly ageMs: number;
      readonly keptMs: number;
    }
  /** The last Release of the suite was valid for `validMs`, which is not longer than min_package_age. */
  | {
      readonly kind: "cooldown-outlasts-release";
      readonly mirror: string;
      readonly suite: string;
      readonly ageMs: number;
      readonly validMs: number;
    }
  /** Root runs the check, and another user owns `dir`: runs of root work as that user. */
  | { readonly kind: "dir-of-other"; readonly dir: string; readonly owner: string };

type RemarkOf<Kind extends ConfigRemark["kind"]> = Extract<ConfigRemark, { readonly kind: Kind }>;

export function remarkText<Kind extends ConfigRemark["kind"]>(remark: RemarkOf<Kind>): string {
  const words: (remark: RemarkOf<Kind>) => string = remarkWords[remark.kind];
  return words(remark);
}

const remarkWords: { readonly [Kind in ConfigRemark["kind"]]: (remark: RemarkOf<Kind>) => string } = {
  "snapshots-copied": ({ path, dir }) =>
    `${path} is on another file system than ${dir}: snapshots are copies`,
  "few-inodes": ({ dir, inodes }) =>
    `${dir} has ${countOf(inodes, "inode")} free: each file takes one, and each snapshot one for each of its directories`,
  "signatures-unchecked": ({ mirror }) => `${mirror}: signatures are not checked (no_pgp_check)`,
  "certificates-unchecked": ({ mirror }) => `${mirror}: certificates are not checked (insecure_skip_verify)`,
  "cooldown-outlasts-snapshots": ({ mirror, ageMs, keptMs }) =>
    `${mirror}: min_package_age is ${formatSpan(ageMs)}, and with a sync a day no snapshot is kept longer than ${formatSpan(keptMs)}: keep them longer with [snapshot.prune] keep_within, so that "promote --newest-older-than" finds one`,
  "cooldown-outlasts-release": ({ mirror, suite, ageMs, validMs }) =>
    `${mirror}: min_package_age is ${formatSpan(ageMs)}, and a Release of ${suite} is valid for ${formatSpan(validMs)}: a snapshot that is old enough as a whole has expired. Security fixes should not wait: exempt = ["mirror:${mirror}"] or "fixes:cve"`,
  "staging-restarts": ({ mirror, stagedMs }) =>
    `${mirror}: each sync that stages something new starts min_staged (${formatSpan(stagedMs)}) again (publish_to_staging): sync less often than that, or stage by hand`,
  "passwords-exposed": ({ path }) => `${path} holds passwords and can be read by others: chmod 600 ${path}`,
  "secrets-exposed": ({ path }) =>
    `${path} has a secret of [[notify]], and everybody on this machine can read it: chmod o= ${path}, or write the secret into a file of its own (url_file, secret_file)`,
  "dir-of-other": ({ dir, owner }) => `${dir} belongs to ${owner}: what root starts works as ${owner}`,
};

interface Person {
  readonly uid: number;
  readonly name: string;
  readonly argument: string;
}

/** Returns that a user cannot change existing files of mirrorctl, and what to do. */
export function foreignFilesText(
  files: {
    readonly owner: Person;
    readonly example: string;
    readonly count: number;
    readonly below: readonly string[];
  },
  user: Person,
  ownerOfDir: Person,
): string {
  const { owner, example, count, below } = files;
  const found = `${countOf(count, "path")} that mirrorctl made before and ${user.name} cannot change, such as ${example}, ${count === 1 ? "belongs" : "belong"} to ${owner.name}`;
  return user.uid === ownerOfDir.uid
    ? `${found}: "sudo chown -R --from=${owner.argument} ${user.argument}: ${below.join(" ")}" repairs that`
    : `${found}: run mirrorctl as ${ownerOfDir.name}, who owns the directory`;
}
