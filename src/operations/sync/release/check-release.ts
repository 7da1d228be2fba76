import { quote, type Release, type RepositoryPath, Suite } from "../../../repository/index.ts";
import { checkFreshness, TrustError } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { heldReleases } from "./held-release.ts";

/**
 * Looks at a Release whose signature holds beside what is held of its suite: whoever cannot sign can still send what was
 * signed once, of another day or for another suite. Answers warnings. Throws TrustError RELEASE_FUTURE, RELEASE_EXPIRED,
 * RELEASE_OLDER or RELEASE_RENAMED.
 */
export function checkRelease(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  release: Release,
): readonly string[] {
  const { allow } = context.mirror;
  const held = heldReleases(context, root);
  const [earlier] = held; // the forms of one suite agree
  return [
    ...checkFreshness(release, { now: context.now(), heldDate: earlier?.date, allow }),
    ...checkName(suite, held, release, allow.renamed),
    ...(earlier === undefined ? [] : describeChanges(earlier, release)),
  ];
}

/** Some upstreams never call a suite by the name under which it stands; those are taken as they are. */
function checkName(
  suite: string,
  held: readonly Release[],
  release: Release,
  allowRenamed: boolean,
): string[] {
  const names = new Suite(suite).foreignNames(release);
  if (names.length === 0 || !held.some((one) => bearsName(one, suite))) return [];
  const shown = [...new Set(names)].map(quote).join(", ");
  const message = `the Release calls itself ${shown}, and the one held bore the name of the suite`;
  if (allowRenamed) return [`${message} (accepted: allow_renamed)`];
  throw new TrustError("RELEASE_RENAMED", message, {
    facts: { suite, names },
    hint:
      "Another suite's may have been sent in its place, such as one without security updates. Set allow_renamed if the " +
      "upstream says that it renamed the suite.",
  });
}

const bearsName = (release: Release, suite: string): boolean =>
  (release.suite ?? release.codename) !== undefined && new Suite(suite).foreignNames(release).length === 0;

/** What apt asks people about before it takes it, and refuses where there is nobody to ask. */
function describeChanges(held: Release, release: Release): string[] {
  const fields = { Codename: "codename", Origin: "origin", Label: "label" } as const;
  return Object.entries(fields).flatMap(([field, key]) => {
    const [before, now] = [held[key], release[key]];
    if (before === undefined || now === undefined || before === now) return [];
    const change = `the Release changes its ${field} from ${quote(before)} to ${quote(now)}`;
    return [`${change}; clients take that by "apt-get update --allow-releaseinfo-change" alone`];
  });
}
