import type { RepositoryPath, Sha256 } from "../repository/index.ts";
import type { FilePlan, PlannedFile } from "./file-plan.ts";

/** A file that a tree holds. Without its SHA-256 or size, it is never taken for the planned one. */
export interface HeldFile {
  readonly path: RepositoryPath;
  readonly sha256: Sha256 | undefined;
  readonly sizeBytes: number | undefined;
}

/** What turns a tree into the planned one. */
export interface TreeDifference {
  /** Files to remove. Some paths are also in `added`, with other bytes. */
  readonly gone: readonly HeldFile[];
  readonly added: readonly PlannedFile[];
  /** Files that stay. */
  readonly kept: ReadonlySet<PlannedFile>;
}

/** Compares the files that a tree holds with a plan. */
export function differenceOf(held: Iterable<HeldFile>, plan: FilePlan): TreeDifference {
  const kept = new Set<PlannedFile>();
  const gone: HeldFile[] = [];
  for (const file of held) {
    const planned = plan.get(file.path);
    if (planned !== undefined && isSame(file, planned)) kept.add(planned);
    else gone.push(file);
  }
  return { gone, added: [...plan.files()].filter((file) => !kept.has(file)), kept };
}

/** Another digest that decides beside SHA-256 has to be computed, so such a file is never the same. */
function isSame({ sha256, sizeBytes }: HeldFile, planned: PlannedFile): boolean {
  const { sha256: wanted, ...others } = planned.digests;
  return (
    sha256 !== undefined &&
    sizeBytes !== undefined &&
    sha256 === wanted &&
    sizeBytes === planned.sizeBytes &&
    Object.keys(others).length === 0
  );
}
