import { hasCode, whyUnreadable } from "../../errors.ts";
import { listDirectory, realPathIfAny, statIfAny } from "../../platform/look.ts";
import { type OpenedFile, openBelow } from "../../platform/open-below.ts";
import { readingHint } from "../../platform/ownership.ts";
import { UpstreamError } from "../errors.ts";
import type { DownloadRequest, DownloadResult, Upstream } from "../requests/request.ts";

/** A disk that turns is fastest if few files are read at a time. */
const filesAtOnce = 4;

/**
 * A copy of an upstream in a directory, such as a disk that was carried here. It is no more trusted than a server: files have
 * the same bounds, links do not lead out of it, and only regular files are read. What is wrong with one file is a refusal of
 * that file, so that a bad sector does not hide what else is missing. Throws UpstreamError DIRECTORY_UNUSABLE.
 */
export function createDirectoryUpstream(directory: string, moved: MovedDirectories = new Map()): Upstream {
  const root = realRootOf(directory);
  const download: Upstream["download"] = async (request, signal) => {
    signal.throwIfAborted();
    const path = whereIs(decodeURIComponent(request.path), moved);
    const shown = `${directory}/${path}`;
    try {
      using file = open(root, path, shown, directory);
      if (file === undefined) return { kind: "absent", status: undefined, url: shown };
      return await take(file, request, { shown, directory, signal });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { kind: "refused", url: directory, why: error };
    }
  };
  const source = {
    url: directory,
    directory,
    requestsAtOnce: filesAtOnce,
    download,
    prefer: () => undefined,
  };
  return {
    ...source,
    get sources() {
      return [{ ...source, sources: [] }];
    },
  };
}

/** Directories that are elsewhere: what upstream has below the first path is below the second. */
export type MovedDirectories = ReadonlyMap<string, string>;

function whereIs(path: string, moved: MovedDirectories): string {
  for (const [from, to] of moved) if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
  return path;
}

function realRootOf(directory: string): string {
  const unusableRoot = (says: string, cause?: Error): UpstreamError =>
    new UpstreamError("DIRECTORY_UNUSABLE", `${directory} ${says}`, {
      facts: { directory },
      hint:
        readingHint(directory, cause) ??
        "Name the directory that has dists/ in it. If it is on a disk, the disk may not be mounted.",
      cause,
    });
  try {
    const root = realPathIfAny(directory);
    if (root === undefined) throw unusableRoot("does not exist");
    if (statIfAny(root)?.isDirectory() !== true) throw unusableRoot("is not a directory");
    listDirectory(root);
    return root;
  } catch (error) {
    const why = whyUnreadable(error);
    throw why === undefined || !(error instanceof Error)
      ? error
      : unusableRoot(`cannot be read: ${why}`, error);
  }
}

function open(root: string, path: string, shown: string, directory: string): OpenedFile | undefined {
  const file = reading(shown, () => openBelow(root, path));
  if (file === "leads-outside") throw unusable(shown, `is a link that leads out of ${directory}`);
  if (file === "not-a-file") throw unusable(shown, "is not a file");
  return file;
}

interface Place {
  readonly shown: string;
  readonly directory: string;
  readonly signal: AbortSignal;
}

async function take(
  file: OpenedFile,
  { sink, sizeBytes, bytesMax, accept }: DownloadRequest,
  { shown, directory: from, signal }: Place,
): Promise<DownloadResult> {
  const foundBytes = file.sizeBytes;
  if (sizeBytes !== undefined && foundBytes !== sizeBytes)
    throw otherSize(shown, foundBytes, String(sizeBytes));
  if (sizeBytes === undefined && foundBytes > bytesMax) throw tooLarge(shown, foundBytes, bytesMax);
  sink.begin(0, {});
  let takenBytes = 0;
  for await (const chunk of chunksOf(file, shown)) {
    signal.throwIfAborted();
    sink.write(chunk);
    takenBytes += chunk.length;
  }
  if (takenBytes !== foundBytes) throw otherSize(shown, takenBytes, String(foundBytes));
  const body = { validators: { from }, lastModified: file.modifiedAt, contentEncoding: undefined };
  const why = await accept?.(body);
  return why === undefined ? { kind: "accepted", ...body } : { kind: "refused", url: from, why };
}

/** Errors of the sink do not come from here: its disk is another one. */
async function* chunksOf(file: OpenedFile, shown: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file.chunks();
  } catch (error) {
    throw explained(error, shown);
  }
}

function reading<Value>(shown: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw explained(error, shown);
  }
}

const explained = (error: unknown, shown: string): unknown =>
  hasCode(error, ...codesOfReading) ? unusable(shown, `cannot be read: ${error.message}`, error) : error;

const codesOfReading = ["EACCES", "EPERM", "EIO", "EUCLEAN", "ELOOP", "ENAMETOOLONG", "EINVAL", "ENXIO"];

const unusable = (shown: string, says: string, cause?: Error): UpstreamError =>
  new UpstreamError("FILE_UNUSABLE", `${shown} ${says}`, {
    facts: { path: shown },
    hint: readingHint(shown, cause) ?? copyHint,
    cause,
  });

const otherSize = (shown: string, found: number, wanted: string): UpstreamError =>
  new UpstreamError("SIZE_DIFFERS", `${shown} has ${found} bytes, expected ${wanted}`, {
    facts: { path: shown, found, wanted },
    hint: copyHint,
  });

const tooLarge = (shown: string, found: number, wanted: number): UpstreamError =>
  new UpstreamError("TOO_LARGE", `${shown} has ${found} bytes, expected at most ${wanted}`, {
    facts: { path: shown, found, wanted },
    hint: copyHint,
  });

const copyHint = "It may not have been copied completely: copy it again.";
