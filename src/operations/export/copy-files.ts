import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import {
  closeFile,
  makeDirectory,
  movePath,
  openNew,
  removeFile,
  setFileTimes,
  writeFully,
} from "../../platform/files.ts";
import { paced } from "../../platform/flow/paced.ts";
import { readChunks, readSmallFileIfAny, type Stats, statIfAny, statLinkIfAny } from "../../platform/look.ts";
import { RunningDigests } from "../../platform/running-digests.ts";
import { decidingDigests, type ListedFile } from "../../repository/index.ts";
import { mismatchOf, type TrustError } from "../../trust/index.ts";
import type { MirrorContext } from "../context.ts";
import type { ExportSource } from "./find-source.ts";
import { ExportError } from "./label.ts";
import { type ExportTarget, partPath } from "./target.ts";

type CopyPorts = Pick<MirrorContext, "signal" | "emit">;

/** What an export has to copy, and what its directory has. */
export interface CopyPlan {
  readonly missing: readonly ListedFile[];
  readonly missingSignatures: readonly ListedFile[];
  readonly thereFiles: number;
}

/**
 * Finds what the directory lacks. A file with the right size and time is trusted to be whole, because it got its name when it
 * was; after an export that was cut off, which a power cut may have been, it is read.
 */
export async function planCopies(
  { signal }: CopyPorts,
  source: string,
  { files, signatureFiles }: Pick<ExportSource, "files" | "signatureFiles">,
  target: ExportTarget,
): Promise<CopyPlan> {
  const lacking = async (listed: readonly ListedFile[], isRead: boolean): Promise<readonly ListedFile[]> => {
    const missing: ListedFile[] = [];
    for await (const file of paced(listed, signal))
      if (!(await isThere(source, file, target, isRead))) missing.push(file);
    return missing;
  };
  const missing = await lacking(files, target.isCutOff);
  const missingSignatures = await lacking(signatureFiles, true);
  const copies = missing.length + missingSignatures.length;
  return { missing, missingSignatures, thereFiles: files.length + signatureFiles.length - copies };
}

async function isThere(
  source: string,
  file: ListedFile,
  target: ExportTarget,
  isRead: boolean,
): Promise<boolean> {
  const path = join(target.path, file.path);
  const found = statLinkIfAny(path);
  const original = statIfAny(join(source, file.path));
  if (found === undefined || original === undefined) return false;
  if (!found.isFile() || found.size !== original.size) return false;
  return isRead ? (await differenceOf(path, file)) === undefined : isSameTime(found, original);
}

/** FAT keeps times in steps of two seconds. */
const isSameTime = (a: Stats, b: Stats): boolean => Math.abs(a.mtimeMs - b.mtimeMs) <= 2_000;

/** Copies files one after the other, as a disk likes it. Returns those whose bytes are not the listed ones, and copies none of them. */
export async function copyFiles(
  { signal, emit }: CopyPorts,
  source: string,
  files: readonly ListedFile[],
  target: ExportTarget,
): Promise<readonly TrustError[]> {
  const damaged: TrustError[] = [];
  const made = new Set<string>([target.path]);
  const part = partPath(target);
  for await (const file of paced(files, signal)) {
    const path = join(target.path, file.path);
    makeDirectoriesFor(target, file.path, made);
    const onBytes = (sizeBytes: number): void => {
      signal.throwIfAborted();
      emit({ type: "transfer-progressed", sizeBytes });
    };
    const difference = await writing(target, file, () =>
      copyListed({ from: join(source, file.path), part, to: path }, file, onBytes),
    );
    if (difference !== undefined) damaged.push(difference);
    emit({ type: "file-copied", path: file.path, sizeBytes: file.sizeBytes ?? 0 });
  }
  return damaged;
}

interface Names {
  readonly from: string;
  readonly part: string;
  readonly to: string;
}

/** A file gets its name when all of its bytes were written and are the listed ones. */
async function copyListed(
  { from, part, to }: Names,
  file: ListedFile,
  onBytes: (sizeBytes: number) => void,
): Promise<TrustError | undefined> {
  removeFile(part);
  const descriptor = openNew(part);
  try {
    const difference = await differenceOf(from, file, (chunk) => {
      onBytes(chunk.length);
      writeFully(descriptor, chunk);
    });
    if (difference !== undefined) return difference;
    keepTime(descriptor, statIfAny(from)?.mtime);
    movePath(part, to);
    return undefined;
  } finally {
    closeFile(descriptor);
    removeFile(part);
  }
}

/** Reads a file. Returns how it differs from what is listed. */
async function differenceOf(
  path: string,
  file: ListedFile,
  take: (chunk: Uint8Array) => void = () => undefined,
): Promise<TrustError | undefined> {
  const digests = decidingDigests(file.digests);
  const running = new RunningDigests(digests);
  for await (const chunk of chunksOf(path, file.sizeBytes)) {
    running.update(chunk);
    take(chunk);
  }
  const { sizeBytes } = running;
  const expected = { path: file.path, sizeBytes: file.sizeBytes ?? sizeBytes, digests };
  return mismatchOf({ sizeBytes, digests: running.finish() }, expected);
}

/** A stream takes longer to make than the bytes of most packages take to read. */
const chunksOf = (path: string, sizeBytes = Infinity): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
  sizeBytes > atOnceBytes ? readChunks(path, sizeBytes) : [readSmallFileIfAny(path, atOnceBytes) ?? noBytes];
const atOnceBytes = 1 << 18;
const noBytes = Buffer.alloc(0);

/** Some file systems let nobody but root set times; a repeated export then copies again. */
function keepTime(descriptor: number, time: Date | undefined): void {
  if (time === undefined) return;
  try {
    setFileTimes(descriptor, time, time);
  } catch (error) {
    if (!hasCode(error, "EPERM")) throw error;
  }
}

/** Makes each directory by itself: none of them may be a link that somebody put there, to another place. */
function makeDirectoriesFor(target: ExportTarget, path: string, made: Set<string>): void {
  let directory = target.path;
  for (const name of dirname(path).split("/")) {
    directory = join(directory, name);
    if (made.has(directory)) continue;
    const stats = statLinkIfAny(directory);
    if (stats === undefined) makeDirectory(directory);
    else if (!stats.isDirectory())
      throw new ExportError("TARGET_FOREIGN", `${directory} is not a directory`, {
        facts: { path: directory },
        hint: "An export makes directories and files alone. Move it away, or name another directory.",
      });
    made.add(directory);
  }
}

async function writing<Result>(
  { path }: ExportTarget,
  file: ListedFile,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, "ENOSPC", "EDQUOT"))
      throw new ExportError("NO_SPACE", `the disk of ${path} is full: ${error.message}`, {
        facts: { path },
        hint: "Free some space there, or name another disk, and repeat the command: it continues.",
        cause: error,
      });
    if (hasCode(error, "EISDIR"))
      throw new ExportError(
        "TARGET_FOREIGN",
        `${join(path, file.path)} is a directory, and has to be a file`,
        {
          facts: { path: join(path, file.path) },
          hint: "Move it away, and repeat the command: it continues.",
          cause: error,
        },
      );
    if (hasCode(error, "EFBIG"))
      throw new ExportError("NAME_UNWRITABLE", `the file system of ${path} holds no file as large as this:`, {
        items: [file.path],
        hint: "FAT holds files of less than 4 GiB. Use exFAT or ext4.",
        cause: error,
      });
    throw error;
  }
}
