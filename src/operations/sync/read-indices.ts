import { basename, dirname } from "node:path";
import { FilePlan, filterPackages, filtersPackages } from "../../plan/index.ts";
import { normalizePath, PackagesReader, parseSha256Sums, SourcesReader } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import type { BroughtIndex } from "./fetch-index.ts";
import type { SuiteRelease } from "./fetch-release.ts";
import { filesOf, type ListedPackage } from "./listed-package.ts";
import { placeFlatPackages } from "./place-flat-packages.ts";
import { readChecked } from "./read-checked.ts";
import type { SyncContext } from "./sync-context.ts";

/** The files that all Packages and Sources in the tree name, filters applied, and the images of the installer. */
export async function readIndices(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  indices: readonly BroughtIndex[],
  draft: TreeDraft,
): Promise<FilePlan> {
  const plan = new FilePlan(releases);
  const { filters } = context.mirror;
  const gathered: { item: ListedPackage; source: string }[] = [];
  for (const index of indices) {
    await addImages(context, plan, index, draft);
    const listed = readPackagesOf(context, index, draft);
    for await (const items of placeFlatPackages(context, index.suite, listed)) {
      for (const item of items) {
        // Filters choose among the packages of all indices; without them nothing needs to be gathered first.
        if (filtersPackages(filters)) gathered.push({ item, source: index.name });
        else addFiles(plan, item, index.name);
      }
    }
  }
  const kept = new Set(
    filterPackages(
      gathered.map(({ item }) => item),
      filters,
    ),
  );
  for (const { item, source } of gathered) if (kept.has(item)) addFiles(plan, item, source);
  if (kept.size < gathered.length) {
    const left = gathered.length - kept.size;
    context.emit({
      type: "detail",
      message: `${left} packages are left out by filters; clients that ask for one get 404`,
    });
  }
  return plan;
}

function addFiles(plan: FilePlan, item: ListedPackage, source: string): void {
  for (const file of filesOf(item)) plan.add(file, source);
}

/** MD5SUMS names the same files, by digests that can be forged. */
async function addImages(
  context: SyncContext,
  plan: FilePlan,
  index: BroughtIndex,
  draft: TreeDraft,
): Promise<void> {
  const { name, wanted } = index;
  if (wanted.kind !== "installer-images" || basename(name) !== "SHA256SUMS") return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChecked(context, index, draft)) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("latin1");
  for (const file of parseSha256Sums(text, normalizePath(dirname(name)), name)) plan.add(file, name);
}

async function* readPackagesOf(
  context: SyncContext,
  index: BroughtIndex,
  draft: TreeDraft,
): AsyncGenerator<readonly ListedPackage[]> {
  const { kind } = index.wanted;
  if (kind !== "packages" && kind !== "sources") return;
  const options = { allowWeak: context.mirror.allow.weak };
  const reader =
    kind === "packages" ? new PackagesReader(index.name, options) : new SourcesReader(index.name, options);
  for await (const chunk of readChecked(context, index, draft)) yield reader.push(chunk);
  yield reader.end();
}
