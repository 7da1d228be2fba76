import { randomUUID } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import type { MirrorLayout } from "../../layout.ts";
import { makeDirectory, removeFile } from "../../platform/files.ts";
import { listDirectory, realPathIfAny, statLinkIfAny, whyNotWritable } from "../../platform/look.ts";
import { ExportError, labelName, readLabel } from "./label.ts";

/** The directory that an export writes. */
export interface ExportTarget {
  readonly path: string;
  /** An earlier export did not end: what it left may be of any content. */
  readonly isCutOff: boolean;
}

/** Throws ExportError if the directory is of somebody else, or of mirrorctl's own. Makes nothing. */
export function findTarget(wanted: string, layout: MirrorLayout): ExportTarget {
  const path = realTarget(resolve(wanted));
  for (const own of [layout.dir, dirname(layout.snapshots)]) refuseInside(path, own);
  const stats = statLinkIfAny(path);
  if (stats === undefined) return { path, isCutOff: false };
  if (!stats.isDirectory())
    throw foreign(path, "is not a directory", "Name a directory, or one that is not there yet.");
  const label = readLabel(path);
  if (label === undefined) {
    const others = listDirectory(path).filter(({ name }) => !isLeftByKilledRun(name));
    if (others.length > 0)
      throw foreign(
        path,
        `has other files, such as ${others[0]?.name}`,
        `Name an empty directory, or a new one in it: ${join(path, layout.id)}`,
      );
  } else if (label.mirror !== layout.id) {
    throw foreign(path, `has an export of ${label.mirror}`, "Name another directory for each mirror.");
  }
  return { path, isCutOff: label?.complete === false };
}

/**
 * Makes the directory itself, and removes what killed runs left. A missing directory above it may be a disk that is not
 * mounted.
 */
export function makeTarget({ path }: ExportTarget): void {
  if (statLinkIfAny(path) === undefined) makeDirectory(path);
  else if (whyNotWritable(path) !== undefined) throw unwritable(path);
  for (const { name } of listDirectory(path)) if (isPart.test(name)) removeFile(join(path, name));
}

/** Where a file is written before it gets its own name. No other run writes there: its bytes would get the name. */
export const partPath = ({ path }: ExportTarget): string =>
  join(path, `.mirrorctl-export.${randomUUID()}.part`);

const isPart = /^\.mirrorctl-export\.[0-9a-f-]{36}\.part$/;

const isLeftByKilledRun = (name: string): boolean => isPart.test(name) || name === `.${labelName}.next`;

/** As another user than its owner, or because it is mounted read-only. */
const unwritable = (path: string): ExportError =>
  new ExportError("TARGET_UNUSABLE", `this user may not write to ${path}`, {
    facts: { path },
    hint:
      whyNotWritable(path) === "read-only"
        ? "It is mounted read-only."
        : "mirrorctl writes as the user that dir belongs to, also if root starts it: give the directory to that user with chown, or mount the disk with uid=.",
  });

function realTarget(path: string): string {
  const real = realPathIfAny(path);
  if (real !== undefined) return real;
  const parent = realPathIfAny(dirname(path));
  if (parent !== undefined) return join(parent, basename(path));
  throw new ExportError("TARGET_UNUSABLE", `${dirname(path)} does not exist`, {
    facts: { path },
    hint: "mirrorctl makes the last directory of the path alone. If it is on a disk, the disk may not be mounted.",
  });
}

function refuseInside(path: string, own: string): void {
  const real = realPathIfAny(own) ?? own;
  if (path !== real && !path.startsWith(`${real}/`)) return;
  throw new ExportError("TARGET_INSIDE", `${path} is inside ${own}, where mirrorctl keeps its own files`, {
    facts: { path, own },
    hint: "Name a directory on the disk to carry, or anywhere else.",
  });
}

const foreign = (path: string, says: string, hint: string): ExportError =>
  new ExportError("TARGET_FOREIGN", `${path} ${says}: nothing was written`, { facts: { path }, hint });
