import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { closeFile, openNew, removeFile } from "../../platform/files.ts";
import { listDirectory, statLinkIfAny } from "../../platform/look.ts";
import { fileSystemType } from "../../platform/space.ts";
import { ExportError, labelName } from "./label.ts";
import type { ExportTarget } from "./target.ts";

/*
 * FAT, exFAT and NTFS do not take every name of a repository, and do not tell A from a. What matters is tried before the
 * first file is copied, and not after hours.
 */

/** MSDOS_SUPER_MAGIC of linux/magic.h, which is FAT12, FAT16 and FAT32. exFAT has another one, and larger files. */
const fatType = 0x4d44;
const fatBytesMax = 2 ** 32 - 1;

/** Characters that some file systems refuse, or drop at the end of a name. */
const refused = /[:*?"<>|\\]|[. ](?=\/|$)/g;

/** Throws ExportError NAME_UNWRITABLE if a file of the tree is where the label will be: an upstream chooses its names. */
export function assertNoLabel(files: readonly { readonly path: string }[]): void {
  const taken = files
    .map(({ path }) => path)
    .filter((path) => path === labelName || path.startsWith(`${labelName}/`));
  if (taken.length === 0) return;
  throw new ExportError(
    "NAME_UNWRITABLE",
    `an export writes ${labelName}, and the repository has that name too:`,
    {
      items: taken,
      hint: 'Nothing was written. Leave the package out by exclude_patterns, or carry the snapshot by "rsync -aH".',
    },
  );
}

/** Throws ExportError NAME_UNWRITABLE if the file system of the directory cannot hold these files under their names. */
export function assertWritable(
  target: ExportTarget,
  files: readonly { readonly path: string; readonly sizeBytes?: number | undefined }[],
): void {
  const large = files.filter(({ sizeBytes = 0 }) => sizeBytes > fatBytesMax).map(({ path }) => path);
  if (large.length > 0 && fileSystemType(target.path) === fatType)
    throw unwritableNames(target, "holds no file of 4 GiB or more, as these are:", large);
  const paths = files.map(({ path }) => path);
  const unwritable = findRefused(target, paths);
  if (unwritable.length > 0) throw unwritableNames(target, "does not take these names:", unwritable);
  const alike = findAlike([...paths, labelName]);
  if (alike.length > 0 && !distinguishesCase(target))
    throw unwritableNames(target, "does not tell these names apart:", alike);
}

function findRefused(target: ExportTarget, paths: readonly string[]): readonly string[] {
  const named = paths.filter((path) => path.search(refused) >= 0);
  const characters = new Set(named.flatMap((path) => path.match(refused) ?? []));
  const bad = new Set([...characters].filter((character) => !takes(target, character)));
  return named.filter((path) => path.match(refused)?.some((character) => bad.has(character)));
}

/** Tries a name with this character, which is the last if it is dropped there. */
function takes({ path }: ExportTarget, character: string): boolean {
  const name = `.mirrorctl-export.try${character === "." || character === " " ? "" : "-"}${character}`;
  const tried = join(path, name);
  try {
    makeEmpty(tried);
    return listDirectory(path).some((entry) => entry.name === name);
  } catch (error) {
    if (!hasCode(error, "EINVAL", "EILSEQ", "ENOENT", "EPROTO")) throw error;
    return false;
  } finally {
    removeFile(tried);
  }
}

/** Returns paths that differ in upper and lower case alone. */
function findAlike(paths: readonly string[]): readonly string[] {
  return [...Map.groupBy(paths, (path) => path.toLowerCase()).values()]
    .filter(({ length }) => length > 1)
    .flat();
}

function distinguishesCase({ path }: ExportTarget): boolean {
  const tried = join(path, ".mirrorctl-export.try-a");
  try {
    makeEmpty(tried);
    return statLinkIfAny(join(path, ".mirrorctl-export.try-A")) === undefined;
  } finally {
    removeFile(tried);
  }
}

function makeEmpty(path: string): void {
  removeFile(path);
  closeFile(openNew(path));
}

const unwritableNames = ({ path }: ExportTarget, says: string, items: readonly string[]): ExportError =>
  new ExportError("NAME_UNWRITABLE", `the file system of ${path} ${says}`, {
    facts: { path },
    items,
    hint: "Use ext4, xfs or btrfs. Or put the export into an archive there: tar keeps every name.",
  });
