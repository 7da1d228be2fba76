import { type HeldForm, type HeldIndex, holdIndex } from "../../../contents/index.ts";
import { byHashPaths, type ListedForm, type WantedIndex } from "../../../plan/index.ts";
import { hasStrongDigest, type ListedEntry, type ListedFile } from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { Absent, Downloads } from "../files/downloads.ts";
import type { Intake } from "../files/intake.ts";
import type { SuiteRelease } from "../release/suite-release.ts";
import type { LookContext } from "../sync-context.ts";
import { malformedEntry, noForm, weaklyListed, withOption } from "./index-errors.ts";

/** An index that the tree holds. */
export interface FetchedIndex {
  readonly kind: "fetched";
  readonly held: HeldIndex;
}

/** An index that clients do not need, and why the tree does not have it. */
export interface LeftOut {
  readonly kind: "left-out";
  readonly name: string;
  readonly because: "absent" | "weak" | "different" | "empty";
}

/**
 * Downloads an index in every compressed form that upstream has. Upstreams list forms that they lack, above all the
 * uncompressed ones: one form is enough. Without any form, an index that clients need is an error.
 */
export async function fetchIndex(
  { mirror, downloads }: Pick<LookContext, "mirror" | "downloads">,
  suiteRelease: SuiteRelease,
  intake: Intake,
  wanted: WantedIndex,
): Promise<FetchedIndex | LeftOut> {
  const { suite } = suiteRelease;
  const { name } = wanted;
  const leftOut = (because: LeftOut["because"]): LeftOut => ({ kind: "left-out", name, because });
  const [malformed] = wanted.malformed;
  if (malformed !== undefined) {
    if (wanted.kind === "release") return leftOut("different"); // apt never reads it
    throw withOption(malformedEntry(suite, malformed), wanted.kind);
  }
  const trusted = (entry: ListedEntry): boolean => hasStrongDigest(entry.digests) || mirror.allow.weak;
  const compressed = wanted.compressed.filter(({ entry }) => trusted(entry));
  const plain = wanted.plain !== undefined && trusted(wanted.plain) ? wanted.plain : undefined;
  if (compressed.length === 0 && plain === undefined) {
    if (wanted.required) throw weaklyListed(suite, wanted);
    return leftOut("weak");
  }
  try {
    const { forms, missing } = await fetchForms(downloads, suiteRelease, intake, compressed, plain);
    const held = holdIndex(suite, wanted, forms);
    if (held !== undefined) return { kind: "fetched", held };
    if (wanted.plain?.sizeBytes === 0) return leftOut("empty");
    if (wanted.required) throw noForm(suite, wanted, missing);
    return leftOut("absent");
  } catch (error) {
    if (!(error instanceof TrustError) || wanted.required) throw error;
    if (wanted.kind === "release") return leftOut("different"); // apt never reads it
    throw withOption(error, wanted.kind);
  }
}

async function fetchForms(
  downloads: Downloads,
  suiteRelease: SuiteRelease,
  intake: Intake,
  compressed: readonly ListedForm[],
  plain: ListedEntry | undefined,
): Promise<{ readonly forms: readonly HeldForm[]; readonly missing: Absent | undefined }> {
  const forms: HeldForm[] = [];
  let missing: Absent | undefined;
  const fetch = async ({ compression, entry }: ListedForm): Promise<void> => {
    const absent = await fetchForm(downloads, suiteRelease, intake, entry);
    if (absent !== undefined) missing = absent;
    else forms.push({ compression, entry, path: suiteRelease.suite.path(entry.name) });
  };
  for (const form of compressed) await fetch(form);
  if (forms.length === 0 && plain !== undefined) await fetch({ compression: "plain", entry: plain });
  return { forms, missing };
}

/** Puts a form into the tree, under its name and its names by digest. Returns the answer of upstream if it lacks it. */
async function fetchForm(
  downloads: Downloads,
  { suite, release }: SuiteRelease,
  intake: Intake,
  entry: ListedEntry,
): Promise<Absent | undefined> {
  const file: ListedFile = { ...entry, path: suite.path(entry.name) };
  const byHash = byHashPaths(entry).map((path) => suite.path(path));
  // By digest first, so that a Release replaced during the sync cannot pair the index of one day with the name of another.
  const paths = release.acquireByHash ? [...byHash.slice(0, 1), file.path] : [file.path];
  const result = await downloads.download(intake, file, paths, { link: intake.linkHeldRechecked });
  if (result.kind === "refused") throw result.error;
  if (result.kind === "absent") return result;
  if (release.acquireByHash) for (const path of byHash) intake.linkWithin(file.path, path);
  return undefined;
}
