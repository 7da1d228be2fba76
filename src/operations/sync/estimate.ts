import { join } from "node:path";
import type { FilePlan } from "../../plan/index.ts";
import { movePath } from "../../platform/files.ts";
import { countOf } from "../../report/units.ts";
import { parseSha256 } from "../../repository/index.ts";
import { draftTree, type TreeDraft } from "../../snapshot/index.ts";
import { fetchIndices, selectSuites } from "./fetch-indices.ts";
import { fetchReleases } from "./fetch-releases.ts";
import { planFiles } from "./plan-files.ts";
import type { SyncContext } from "./sync-context.ts";

export interface SyncEstimate {
  readonly files: number;
  /** Of the whole mirror. */
  readonly sizeBytes: number;
  readonly missingFiles: number;
  /** What a sync would fetch. */
  readonly missingBytes: number;
  readonly freeBytes: number;
}

/** What a sync would bring. Fetches indices into a place that is gone afterwards; names no object, changes no tree. */
export async function estimate(context: SyncContext): Promise<SyncEstimate> {
  const { draft: draftPath, generation } = context.working.next(context.now());
  const draft = draftTree(draftPath, generation.path);
  try {
    const looking = withoutTraces(context, draft);
    const releases = await fetchReleases(looking);
    const indices = [];
    for (const suite of selectSuites(looking, releases))
      indices.push(...(await fetchIndices(looking, suite, draft)).indices);
    const plan = await planFiles(looking, releases, indices, draft);
    const missing = countMissing(context, plan);
    const freeBytes = context.freeSpaceBytes(context.layout.dir);
    return { files: plan.count, sizeBytes: plan.sizeBytes, ...missing, freeBytes };
  } finally {
    await draft.discard();
  }
}

function countMissing(
  context: SyncContext,
  plan: FilePlan,
): Pick<SyncEstimate, "missingFiles" | "missingBytes"> {
  let missingFiles = 0;
  let missingBytes = 0;
  let unsizedFiles = 0;
  for (const { sizeBytes, digests } of plan.files()) {
    if (digests.sha256 !== undefined && context.objects.has(parseSha256(digests.sha256))) continue;
    missingFiles++;
    missingBytes += sizeBytes ?? 0;
    if (sizeBytes === undefined) unsizedFiles++;
  }
  if (unsizedFiles > 0) {
    const message = `not counted, since SHA256SUMS has no sizes: ${countOf(unsizedFiles, "installer image")}`;
    context.emit({ type: "warning", message });
  }
  return { missingFiles, missingBytes };
}

/** Fetched files go to the draft alone, with which they are removed; the partials of a real sync are left alone. */
function withoutTraces(context: SyncContext, draft: TreeDraft): SyncContext {
  return {
    ...context,
    layout: { ...context.layout, partial: join(draft.root, ".partial") },
    objects: {
      ...context.objects,
      adopt: (verified, _sha256, target) => movePath(verified, target),
      disown: () => undefined,
    },
  };
}
