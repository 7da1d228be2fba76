import {
  byHashPaths,
  type Compression,
  type IndexVariant,
  selectIndices,
  type WantedIndex,
} from "../../plan/index.ts";
import {
  hasStrongDigest,
  joinPath,
  type ListedEntry,
  type ListedFile,
  normalizePath,
  type RepositoryPath,
} from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { TrustError } from "../../trust/index.ts";
import { UpstreamError } from "../../upstream/index.ts";
import { type Absent, bringListed } from "./bring-file.ts";
import { assertSpaceForIndices } from "./enough-space.ts";
import type { SuiteRelease } from "./fetch-release.ts";
import { mapBounded } from "./map-bounded.ts";
import type { SyncContext } from "./sync-context.ts";

/** An index that stands in the tree in at least one form. */
export interface BroughtIndex {
  readonly wanted: WantedIndex;
  readonly suite: SuiteRelease;
  /** Its name below the tree's root, without compression: for messages. */
  readonly name: RepositoryPath;
  /** In the order in which they decode fastest. */
  readonly forms: readonly { readonly compression: Compression; readonly path: RepositoryPath }[];
}

/**
 * Brings every index that the selection needs of a suite, in every compressed form that upstream has. Upstreams list
 * forms that they do not have, the uncompressed ones above all: one form is enough, none is an error where clients
 * cannot do without the index, and a warning elsewhere.
 */
export async function fetchIndices(
  context: SyncContext,
  suite: SuiteRelease,
  draft: TreeDraft,
): Promise<BroughtIndex[]> {
  const { sections, architectures, source, kinds } = context.mirror;
  const selection = selectIndices(suite.release, {
    suite: suite.suite,
    sections,
    architectures,
    source,
    kinds,
  });
  for (const message of selection.warnings) context.emit({ type: "warning", message });
  assertSpaceForIndices(context, selection.indices);
  const absent: string[] = [];
  const brought = await mapBounded(selection.indices, context.maxConns, async (wanted) => {
    const index = await fetchIndex(context, suite, draft, wanted);
    if (index === undefined) absent.push(wanted.name);
    return index;
  });
  if (absent.length > 0) warnOfAbsent(context, suite, absent);
  return brought.filter((index) => index !== undefined);
}

async function fetchIndex(
  context: SyncContext,
  suite: SuiteRelease,
  draft: TreeDraft,
  wanted: WantedIndex,
): Promise<BroughtIndex | undefined> {
  const forms: { compression: Compression; path: RepositoryPath }[] = [];
  let missing: Absent | undefined;
  const bring = async (variant: IndexVariant): Promise<void> => {
    const absent = await fetchForm(context, suite, draft, variant);
    if (absent === undefined)
      forms.push({ compression: variant.compression, path: joinPath(suite.root, variant.entry.name) });
    else missing = absent;
  };
  for (const variant of wanted.variants) await bring(variant);
  if (forms.length === 0 && wanted.plain !== undefined)
    await bring({ compression: "plain", entry: wanted.plain });
  if (forms.length > 0)
    return { wanted, suite, name: joinPath(suite.root, normalizePath(wanted.name)), forms };
  if (!wanted.required || wanted.plain?.sizeBytes === 0) return undefined;
  throw noForm(suite, wanted, missing);
}

function noForm({ suite }: SuiteRelease, { name }: WantedIndex, missing: Absent | undefined): UpstreamError {
  const found = missing === undefined ? "none listed" : `${missing.status} at ${missing.url}`;
  return new UpstreamError(
    "HTTP_STATUS",
    `${suite}: upstream lists ${name} but has it in no form (${found})`,
    {
      facts: { index: name, status: missing?.status, url: missing?.url },
      hint:
        missing?.status === 403
          ? "403 may mean that it is not there, that the server wants other credentials, or that it does not serve this network."
          : "Clients of upstream fail there as well. Take the section or architecture out, or try again later.",
    },
  );
}

/** Undefined once the form stands in the tree, under its name and its digests; else where it is not. */
async function fetchForm(
  context: SyncContext,
  suite: SuiteRelease,
  draft: TreeDraft,
  { entry }: IndexVariant,
): Promise<Absent | undefined> {
  assertStrong(context, suite, entry);
  const file: ListedFile = { ...entry, path: joinPath(suite.root, entry.name) };
  const byHash = byHashPaths(entry).map((path) => joinPath(suite.root, path));
  // By digest first: a Release that is replaced while it is read cannot pair an index of one day with another's name.
  const paths = suite.release.acquireByHash ? [...byHash.slice(0, 1), file.path] : [file.path];
  const brought = await bringListed(context, draft, file, paths);
  if (brought.kind === "absent") return brought;
  if (suite.release.acquireByHash) for (const path of byHash) draft.linkWithin(file.path, path);
  return undefined;
}

/** With MD5 and SHA-1 alone, anyone can make other bytes that fit: apt refuses such a repository too. */
function assertStrong(context: SyncContext, { suite }: SuiteRelease, entry: ListedEntry): void {
  if (hasStrongDigest(entry.digests) || context.mirror.allow.weak) return;
  throw new TrustError(
    "DIGEST_WEAK",
    `${suite}: the Release lists ${entry.name} without SHA-256 or SHA-512`,
    {
      facts: { index: entry.name },
      hint: "What it vouches for can be forged. allow_weak mirrors it all the same; apt clients refuse it.",
    },
  );
}

function warnOfAbsent(context: SyncContext, suite: SuiteRelease, absent: readonly string[]): void {
  const shown = absent.toSorted().slice(0, 5).join(", ");
  const message = `${suite.suite}: upstream lists but does not have ${absent.length === 1 ? shown : `${absent.length} indices: ${shown}${absent.length > 5 ? ", …" : ""}`}`;
  context.emit({ type: "warning", message });
}
