import { type HeldForm, type HeldIndex, holdIndex } from "../../../contents/index.ts";
import {
  byHashPaths,
  type IndexKind,
  type ListedForm,
  optionOf,
  type WantedIndex,
} from "../../../plan/index.ts";
import {
  hasStrongDigest,
  type ListedEntry,
  type ListedFile,
  type MalformedEntry,
  quote,
  RepositoryError,
} from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { MissingIndexError } from "../broken-upstream.ts";
import type { Absent } from "../files/downloads.ts";
import type { Intake } from "../files/intake.ts";
import type { SuiteRelease } from "../release/suite-release.ts";
import type { LookContext } from "../sync-context.ts";

/** An index that the tree holds. */
export interface FetchedIndex {
  readonly kind: "fetched";
  readonly held: HeldIndex;
}

/** An index that clients can do without, and why it is not in the tree. */
export interface LeftOut {
  readonly kind: "left-out";
  readonly name: string;
  readonly because: "absent" | "weak" | "different" | "empty";
}

/**
 * Brings an index in every compressed form that upstream has. Upstreams list forms that they do not have, the
 * uncompressed ones above all: one form is enough, none is an error where clients cannot do without the index.
 */
export async function fetchIndex(
  context: LookContext,
  suiteRelease: SuiteRelease,
  intake: Intake,
  wanted: WantedIndex,
): Promise<FetchedIndex | LeftOut> {
  const { suite } = suiteRelease;
  const leftOut = (because: LeftOut["because"]): LeftOut => ({
    kind: "left-out",
    name: wanted.name,
    because,
  });
  const [malformed] = wanted.malformed;
  if (malformed !== undefined) {
    if (wanted.kind === "release") return leftOut("different"); // apt never reads it
    throw withWayOut(malformedEntry(suiteRelease, malformed), wanted.kind);
  }
  const trusted = (entry: ListedEntry): boolean =>
    hasStrongDigest(entry.digests) || context.mirror.allow.weak;
  const compressed = wanted.compressed.filter(({ entry }) => trusted(entry));
  const plain = wanted.plain !== undefined && trusted(wanted.plain) ? wanted.plain : undefined;
  if (compressed.length === 0 && plain === undefined) {
    if (wanted.required) throw weaklyListed(suiteRelease, wanted);
    return leftOut("weak");
  }
  try {
    const { forms, missing } = await fetchForms(context, suiteRelease, intake, compressed, plain);
    const held = holdIndex(suite, wanted, forms);
    if (held !== undefined) return { kind: "fetched", held };
    if (wanted.plain?.sizeBytes === 0) return leftOut("empty");
    if (wanted.required) throw noForm(suiteRelease, wanted, missing);
    return leftOut("absent");
  } catch (error) {
    if (!(error instanceof TrustError) || wanted.required) throw error;
    if (wanted.kind === "release") return leftOut("different"); // apt never reads it
    throw withWayOut(error, wanted.kind);
  }
}

async function fetchForms(
  context: LookContext,
  suiteRelease: SuiteRelease,
  intake: Intake,
  compressed: readonly ListedForm[],
  plain: ListedEntry | undefined,
): Promise<{ readonly forms: readonly HeldForm[]; readonly missing: Absent | undefined }> {
  const forms: HeldForm[] = [];
  let missing: Absent | undefined;
  const bring = async ({ compression, entry }: ListedForm): Promise<void> => {
    const absent = await fetchForm(context, suiteRelease, intake, entry);
    if (absent !== undefined) missing = absent;
    else forms.push({ compression, entry, path: suiteRelease.suite.path(entry.name) });
  };
  for (const form of compressed) await bring(form);
  if (forms.length === 0 && plain !== undefined) await bring({ compression: "plain", entry: plain });
  return { forms, missing };
}

/** Undefined once the form stands in the tree, under its name and its digests; else where it is not. */
async function fetchForm(
  context: LookContext,
  { suite, release }: SuiteRelease,
  intake: Intake,
  entry: ListedEntry,
): Promise<Absent | undefined> {
  const file: ListedFile = { ...entry, path: suite.path(entry.name) };
  const byHash = byHashPaths(entry).map((path) => suite.path(path));
  // By digest first: a Release that is replaced while it is read cannot pair an index of one day with another's name.
  const paths = release.acquireByHash ? [...byHash.slice(0, 1), file.path] : [file.path];
  const result = await context.downloads.download(intake, file, paths, { link: intake.linkHeldRechecked });
  if (result.kind === "refused") throw result.error;
  if (result.kind === "absent") return result;
  if (release.acquireByHash) for (const path of byHash) intake.linkWithin(file.path, path);
  return undefined;
}

function noForm(
  { suite }: SuiteRelease,
  { name }: WantedIndex,
  missing: Absent | undefined,
): MissingIndexError {
  const found = missing === undefined ? "none listed" : `${missing.status} at ${missing.url}`;
  return new MissingIndexError(
    "INDEX_MISSING",
    `${suite.name}: upstream lists ${name} but has it in no form (${found})`,
    {
      facts: { index: name, status: missing?.status, url: missing?.url },
      hint:
        missing?.status === 403
          ? "403 may mean that it is not there, that the server wants other credentials, or that it does not serve this network."
          : "Clients of upstream fail there as well. Take the section or architecture out, or try again later.",
    },
  );
}

/** With MD5 and SHA-1 alone, anyone can make other bytes that fit: apt does not read such an index either. */
const weaklyListed = ({ suite }: SuiteRelease, { name }: WantedIndex): TrustError =>
  new TrustError("DIGEST_WEAK", `${suite.name}: the Release lists ${name} without SHA-256 or SHA-512`, {
    facts: { index: name },
    hint: "What it vouches for can be forged. allow_weak mirrors it all the same; apt clients refuse it.",
  });

/** apt fails in the same way where it asks for the file: its bytes have no such digest. */
const malformedEntry = (
  { suite }: SuiteRelease,
  { name, list, line, problem }: MalformedEntry,
): RepositoryError =>
  new RepositoryError(
    "FIELD_MALFORMED",
    `${suite.name}: the Release lists ${quote(name)}, in ${list}, in a way that nothing can be checked by: ${problem}`,
    {
      facts: { index: name, list, line },
      hint: "apt refuses that file too. Tell whoever runs the upstream.",
    },
  );

/** The same failure, with what an administrator can do where upstream stays as it is. */
function withWayOut(error: TrustError | RepositoryError, kind: IndexKind): TrustError | RepositoryError {
  const option = optionOf(kind);
  if (option === undefined) return error;
  const hint =
    `${error.hint ?? ""} If it stays so: ${option} = false leaves it out, and all of its kind.`.trim();
  const details = { facts: error.facts, hint, cause: error };
  return error instanceof TrustError
    ? new TrustError(error.code, error.message, details)
    : new RepositoryError(error.code, error.message, details);
}
