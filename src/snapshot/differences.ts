import { join } from "node:path";
import * as v from "valibot";
import { hasCode } from "../errors.ts";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory, removeFile, writeSmallFile } from "../platform/files.ts";
import { listDirectory, readBytesIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";
import { readMeta } from "./records/meta-file.ts";
import { innerPath } from "./trees/carried.ts";
import { sha256 } from "./trees/tree-list.ts";

/*
 * A sync knows which files its generation has and the one before lacks, and the other way round. It writes that down, and
 * nobody has to walk over two trees to find it again: a deletion of the snapshots between two others changes nothing, since
 * the steps between their generations stay. Without a record for each step, a walk tells.
 */

const recordSchema = v.object({
  format: v.literal(1),
  from: v.string(),
  to: v.string(),
  /** Paths that `from` has and `to` lacks, or has with other bytes. */
  gone: v.array(innerPath),
  /** Their objects: of all, or not known. */
  goneObjects: v.optional(v.pipe(v.array(sha256), v.readonly())),
  /** Paths that `to` has and `from` lacks, or has with other bytes. */
  added: v.array(innerPath),
});

/** How a generation of the working mirror differs from the one before. Both lists contain all metadata. */
export type GenerationDifference = Omit<v.InferOutput<typeof recordSchema>, "format">;

/**
 * Keeps a difference as long as a snapshot may need it. A mirror without snapshots keeps none; nor does one without room.
 */
export function keepDifference(
  { snapshots, snapshotMeta, differences }: MirrorLayout,
  difference: GenerationDifference,
): void {
  const generations = listDirectory(snapshots).flatMap(
    ({ name }) => readMeta(snapshotMeta, name)?.generation ?? [],
  );
  const [oldest] = generations.toSorted();
  for (const { name } of listDirectory(differences))
    if (oldest === undefined || name < oldest) removeFile(join(differences, name)); // generations have the names of times
  if (oldest === undefined) return;
  const path = pathOf(differences, difference.from);
  try {
    makeDirectory(differences);
    writeSmallFile(path, `${JSON.stringify({ format: 1, ...difference })}\n`, 0o644); // a cut one is not read
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    removeFile(path);
  }
}

/** Steps from a generation to a later one. */
interface Steps {
  readonly to: string;
  readonly differences: readonly GenerationDifference[];
}

/**
 * Returns the paths at which a generation may have files that another one lacks. Undefined if not all steps between them are
 * known.
 */
export function pathsLeaving(
  layout: MirrorLayout,
  from: string,
  to: string,
): ReadonlySet<string> | undefined {
  const later = stepsFrom(layout, from, (generation) => generation === to);
  if (later !== undefined) return new Set(later.differences.flatMap(({ gone }) => gone));
  const earlier = stepsFrom(layout, to, (generation) => generation === from);
  return earlier && new Set(earlier.differences.flatMap(({ added }) => added));
}

/** Returns the steps to the first generation that `isEnd`; undefined if one of them is not known. */
export function stepsFrom(
  { differences }: MirrorLayout,
  generation: string,
  isEnd: (generation: string) => boolean,
): Steps | undefined {
  const steps = new Map<string, GenerationDifference>();
  let to = generation;
  do {
    const step = steps.has(to) ? undefined : readDifference(differences, to);
    if (step === undefined) return undefined;
    steps.set(to, step);
    to = step.to;
  } while (!isEnd(to));
  return { to, differences: [...steps.values()] };
}

const pathOf = (differences: string, generation: string): string => join(differences, `${generation}.json`);

function readDifference(differences: string, generation: string): GenerationDifference | undefined {
  const text = readBytesIfAny(pathOf(differences, generation))?.toString("utf8");
  const parsed = v.safeParse(recordSchema, parseJsonIfAny(text));
  return parsed.success && parsed.output.from === generation ? parsed.output : undefined;
}
