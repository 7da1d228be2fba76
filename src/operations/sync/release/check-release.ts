import { quote, type Release, type SignatureFileName, type Suite } from "../../../repository/index.ts";
import {
  checkFreshness,
  isAllowed,
  type ReleaseNote,
  type SigningKey,
  TrustError,
} from "../../../trust/index.ts";
import type { SuiteContext } from "./held-suite.ts";

/**
 * Compares a Release whose signature is valid with the one that is held: an attacker without the key can still send a
 * Release that was signed once, of another day or for another suite. Throws TrustError RELEASE_FUTURE,
 * RELEASE_EXPIRED, RELEASE_OLDER or RELEASE_RENAMED.
 */
export function checkRelease(
  { mirror, now, suite, held }: Pick<SuiteContext, "mirror" | "now" | "suite" | "held">,
  release: Release,
): readonly ReleaseNote[] {
  const { allow } = mirror;
  const { releases } = held;
  const [earlier] = releases; // the forms of one suite agree
  return [
    ...checkFreshness(release, { now: now(), heldDate: earlier?.date, allow }),
    ...checkName(suite, releases, release, allow.renamed),
    ...(earlier === undefined ? [] : findChanges(earlier, release)),
  ];
}

/**
 * Some upstreams never use the configured name in the Release of a suite. Those are accepted as they are. Throws TrustError
 * RELEASE_RENAMED.
 */
export function checkName(
  suite: Suite,
  held: readonly Release[],
  release: Release,
  allowRenamed: boolean,
): ReleaseNote[] {
  const names = suite.foreignNames(release);
  if (names.length === 0 || !held.some((one) => hasNameOf(suite, one))) return [];
  const shown = [...new Set(names)].map(quote).join(", ");
  const message = `the Release calls itself ${shown}, and the one held bore the name of the suite`;
  if (allowRenamed) return [{ kind: "accepted", reason: message, option: "allow_renamed" }];
  throw new TrustError("RELEASE_RENAMED", message, {
    facts: { suite: suite.name, names },
    hint:
      "Another suite's may have been sent in its place, such as one without security updates. Set allow_renamed if the " +
      "upstream says that it renamed the suite.",
  });
}

const hasNameOf = (suite: Suite, release: Release): boolean =>
  (release.suite ?? release.codename) !== undefined && suite.foreignNames(release).length === 0;

/** apt asks the user about these changes, and refuses them without a terminal. */
function findChanges(held: Release, release: Release): ReleaseNote[] {
  const fields = { Codename: "codename", Origin: "origin", Label: "label" } as const;
  return Object.entries(fields).flatMap(([field, key]) => {
    const [before, now] = [held[key], release[key]];
    if (before === undefined || now === undefined || before === now) return [];
    return [{ kind: "field-changed", field, before, now }];
  });
}

/**
 * Warns of a new Release by another signer than the held one announces in Signed-By. apt follows that field as long as the
 * Release that it has is valid, which needs a Valid-Until, and keeps that Release if another key signed the new one.
 */
export function warnOfSigner(
  { held, suite, now, emit }: Pick<SuiteContext, "held" | "suite" | "now" | "emit">,
  name: SignatureFileName,
  signedBy: readonly SigningKey[],
): void {
  const [earlier] = held.releases;
  if (earlier?.validUntil === undefined || earlier.validUntil <= now()) return;
  const { nextSigners: expected, validUntil } = earlier;
  // Without a signature check, the signer is not known.
  if (signedBy.length === 0 || signedBy.some((signer) => isAllowed(signer, expected))) return;
  const found = signedBy.map(({ primaryFingerprint }) => primaryFingerprint);
  emit({ type: "signer-changed", path: suite.path(name), expected, found, validUntil });
}
