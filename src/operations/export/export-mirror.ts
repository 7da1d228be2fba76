import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import {
  addSpace,
  countDirectoriesOf,
  type FreeSpace,
  shortagesOf,
  spaceOfDirectories,
  spaceOfFiles,
} from "../../plan/index.ts";
import { removeFile } from "../../platform/files.ts";
import { flushTrees } from "../../platform/flushing/flush.ts";
import { FlushError } from "../../platform/flushing/flush-error.ts";
import type { Lock } from "../../platform/locks/lock.ts";
import { shortageText } from "../../report/words/shortage.ts";
import type { ListedFile } from "../../repository/index.ts";
import { insideOf } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { giveUp } from "../give-up.ts";
import { assertNoLabel, assertWritable } from "./check-names.ts";
import { type CopyPlan, copyFiles, planCopies } from "./copy-files.ts";
import {
  chooseSnapshot,
  contentKey,
  type ExportSource,
  listContents,
  openSource,
  treeDamaged,
} from "./find-source.ts";
import { ExportError, writeLabel } from "./label.ts";
import { type ExportTarget, findTarget, makeTarget } from "./target.ts";

export interface ExportOptions {
  readonly to: string;
  /** A snapshot that the other side has too: its files are left out. */
  readonly since?: string | undefined;
  /** Unset: the newest, or the working mirror of a mirror without snapshots. */
  readonly snapshot?: string | undefined;
  readonly dryRun: boolean;
}

export interface Exported {
  readonly mirror: string;
  /** Undefined for the working mirror. */
  readonly snapshot: string | undefined;
  readonly since: string | undefined;
  readonly directory: string;
  /** What was copied, or would be. */
  readonly files: number;
  readonly sizeBytes: number;
  /** What an earlier export had copied. */
  readonly thereFiles: number;
  /** What `since` has. */
  readonly leftOutFiles: number;
  /** What upstream lacked, so that nobody has it. The other side refuses the tree without `allow_missing`. */
  readonly lackedFiles: number;
}

/**
 * Copies a tree as upstream signed it into a directory, for a mirrorctl that cannot reach upstream: `sync --from` there takes
 * it, and trusts nothing but upstream's signatures. Whatever ends it, a repeated export continues.
 */
export async function exportMirror(
  context: MirrorContext,
  freeSpace: (path: string) => FreeSpace,
  options: ExportOptions,
): Promise<Exported> {
  context.signal.throwIfAborted();
  const { path } = findTarget(options.to, context.layout);
  using _lock = options.dryRun ? undefined : await lockTarget(context, path);
  return await exportTree(context, freeSpace, options);
}

async function exportTree(
  context: MirrorContext,
  freeSpace: (path: string) => FreeSpace,
  options: ExportOptions,
): Promise<Exported> {
  // Looks at it now that it is locked: another export may have been there until then.
  const target = findTarget(options.to, context.layout);
  const snapshot = await chooseSnapshot(context, options.snapshot);
  // A sync would remove the tree of a working mirror meanwhile. A snapshot stays: a promotion must not wait for a disk.
  using _lock =
    snapshot === undefined && !options.dryRun ? await context.lockWorkingMirror("export") : undefined;
  const source = await openSource(context, snapshot);
  const { files, leftOutFiles } = await leaveOut(context, source, options.since);
  assertNoLabel(files);
  const plan = await planCopies(context, source.path, { ...source, files }, target);
  const exported = {
    ...factsOf(context, source, options),
    ...sumOf(plan),
    directory: target.path,
    leftOutFiles,
    lackedFiles: source.lackedFiles,
  };
  assertSpace(target, copiesOf(plan), freeSpace(target.path));
  if (options.dryRun) return exported;
  await copy(context, source, target, { files, plan, since: options.since });
  const { files: copied, sizeBytes } = exported;
  const { directory, since } = exported;
  await context.record({
    action: "export",
    result: "done",
    to: source.snapshot,
    details: { kind: "exported", directory, since, files: copied, sizeBytes },
  });
  return exported;
}

/** Returns undefined for a user who may only read the mirror: they may export a snapshot, and make no file for a lock. */
async function lockTarget(context: MirrorContext, path: string): Promise<Lock | undefined> {
  try {
    return await context.lockExport(path);
  } catch (error) {
    if (!hasCode(error, "NOT_OWNER", "NOT_WRITABLE")) throw error;
    return undefined;
  }
}

interface Copying {
  readonly files: readonly ListedFile[];
  readonly plan: CopyPlan;
  readonly since: string | undefined;
}

/** The label says that the directory is not whole until it is. The files that make it a repository come last. */
async function copy(
  context: MirrorContext,
  source: ExportSource,
  target: ExportTarget,
  { files, plan, since }: Copying,
): Promise<void> {
  const { mirror, signal, now, emit } = context;
  const { signatureFiles, snapshot, assertUnchanged } = source;
  const all = [...files, ...signatureFiles];
  const sizeBytes = all.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  const label = { mirror: mirror.id, snapshot, since, exportedAt: now(), files: all.length, sizeBytes };
  makeTarget(target);
  assertWritable(target, all);
  writeLabel(target.path, { ...label, complete: false });
  const { files: count, sizeBytes: planned } = sumOf(plan);
  const held = { heldFiles: plan.thereFiles, to: target.path };
  emit({ type: "transfer-planned", files: count, sizeBytes: planned, ...held });
  try {
    for (const missing of [plan.missing, plan.missingSignatures]) {
      const damaged = await copyFiles(context, source.path, missing, target);
      const items = damaged.map(({ message }) => message);
      if (items.length > 0) throw treeDamaged(mirror.id, snapshot ?? workingMirrorName, items);
      await flushTrees([target.path], signal);
    }
  } catch (error) {
    if (error instanceof FlushError) {
      // Read again, a file that the disk has lost is whole, for it comes from memory.
      await giveUp(error, () => removeCopies(target, target.isCutOff ? all : copiesOf(plan)));
      throw error.with("What was copied is removed. Repeat the command, with another disk.");
    }
    assertUnchanged(); // a snapshot that was pruned meanwhile is not damaged
    throw error;
  }
  emit({ type: "transfer-ended" });
  writeLabel(target.path, { ...label, complete: true });
}

/** Removes the export's own files: none to which a link leads that somebody put in place of a directory. */
function removeCopies({ path }: ExportTarget, files: readonly ListedFile[]): void {
  const isInside = insideOf(path);
  for (const file of files) if (isInside(file.path)) removeFile(join(path, file.path));
}

async function leaveOut(
  context: MirrorContext,
  { files }: ExportSource,
  since: string | undefined,
): Promise<{ readonly files: readonly ListedFile[]; readonly leftOutFiles: number }> {
  if (since === undefined) return { files, leftOutFiles: 0 };
  const held = await listContents(context, since);
  const kept = files.filter((file) => !held.has(contentKey(file)));
  return { files: kept, leftOutFiles: files.length - kept.length };
}

const factsOf = (
  { mirror }: Pick<MirrorContext, "mirror">,
  { snapshot }: ExportSource,
  { since }: ExportOptions,
): Pick<Exported, "mirror" | "snapshot" | "since"> => ({ mirror: mirror.id, snapshot, since });

const copiesOf = ({ missing, missingSignatures }: CopyPlan): readonly ListedFile[] => [
  ...missing,
  ...missingSignatures,
];

const sumOf = (plan: CopyPlan): Pick<Exported, "files" | "sizeBytes" | "thereFiles"> => ({
  files: copiesOf(plan).length,
  sizeBytes: copiesOf(plan).reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
  thereFiles: plan.thereFiles,
});

function assertSpace({ path }: ExportTarget, files: readonly ListedFile[], free: FreeSpace): void {
  const directories = spaceOfDirectories(countDirectoriesOf(files.map((file) => file.path)));
  const [shortage] = shortagesOf(addSpace(spaceOfFiles(files), directories), free);
  if (shortage === undefined) return;
  throw new ExportError("NO_SPACE", `the export needs ${shortageText(path, shortage)}`, {
    facts: { path, ...shortage },
    hint: "Nothing was written. --since leaves out what a snapshot of the other side has.",
  });
}
