import { join } from "node:path";
import * as v from "valibot";
import { isMirrorId } from "../../config/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { writeDurably } from "../../platform/flushing/durable-file.ts";
import { readSmallFileIfAny } from "../../platform/look.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";
import type { ExportLabel } from "../../report/events.ts";
import { snapshotNameFault } from "../../snapshot-name.ts";

/** An export did not end, or cannot be made there. */
export type ExportCode =
  | "INCOMPLETE"
  | "TARGET_INSIDE"
  | "TARGET_FOREIGN"
  | "TARGET_UNUSABLE"
  | "NO_SPACE"
  | "NAME_UNWRITABLE"
  | "TREE_DAMAGED";

export class ExportError extends MirrorctlError<ExportCode> {
  override readonly area = "export";
}

/*
 * A file beside the tree says what it is and whether it is whole. Nobody vouches for it: it spares people an hour of reading
 * a half-written disk, and no file is trusted because of it.
 */

/** The name of that file. */
export const labelName = "mirrorctl-export.json";

export interface WrittenLabel extends ExportLabel {
  /** False from the first change of the directory to the end of the export. */
  readonly complete: boolean;
  /** What this export has, with what was there already. */
  readonly files: number;
  readonly sizeBytes: number;
}

const labelBytesMax = 65_536;

/** Anyone may have written the file, and its names go into messages. */
const snapshotName = v.pipe(
  v.string(),
  v.check((name) => snapshotNameFault(name) === undefined),
);

const schema = v.object({
  format: v.literal(1),
  complete: v.boolean(),
  mirror: v.pipe(v.string(), v.check(isMirrorId)),
  snapshot: v.optional(snapshotName),
  since: v.optional(snapshotName),
  exportedAt: v.pipe(
    v.string(),
    v.check((time) => !Number.isNaN(new Date(time).getTime())),
  ),
  files: v.number(),
  sizeBytes: v.number(),
});

/** Returns undefined if there is none that can be read: then nothing is known of the directory. */
export function readLabel(directory: string): WrittenLabel | undefined {
  const bytes = readSmallFileIfAny(join(directory, labelName), labelBytesMax);
  if (bytes === undefined) return undefined;
  const parsed = v.safeParse(schema, parseJsonIfAny(bytes.toString("utf8")));
  if (!parsed.success) return undefined;
  const { mirror, snapshot, since, complete, files, sizeBytes, exportedAt } = parsed.output;
  return { mirror, snapshot, since, complete, files, sizeBytes, exportedAt: new Date(exportedAt) };
}

export function writeLabel(directory: string, label: WrittenLabel): void {
  const text = JSON.stringify({ format: 1, ...label }, undefined, 2);
  writeDurably(join(directory, labelName), `${text}\n`, 0o644);
}

/** Throws ExportError INCOMPLETE for an export that did not end. Returns what a complete one says of itself. */
export function requireComplete(directory: string): WrittenLabel | undefined {
  const label = readLabel(directory);
  if (label?.complete !== false) return label;
  throw new ExportError("INCOMPLETE", `the export in ${directory} did not end`, {
    facts: { directory, mirror: label.mirror, snapshot: label.snapshot },
    hint: 'Repeat the "mirrorctl export" that wrote it: it continues. Then carry the disk, or copy the directory, again.',
  });
}
