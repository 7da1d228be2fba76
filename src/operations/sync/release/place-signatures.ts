import { join } from "node:path";
import {
  closeFile,
  makeDirectory,
  openNew,
  readBytes,
  removeFile,
  setFileTimes,
  statLinkIfAny,
  writeFully,
} from "../../../platform/files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import type { Sha256 } from "../../../repository/index.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import type { SyncContext } from "../sync-context.ts";
import type { SuiteRelease } from "./fetch-release.ts";
import { type SignatureFile } from "./signature-file.ts";

/** Stands InRelease, Release and Release.gpg in the tree, byte for byte as they came. */
export async function placeSignatures(
  context: SyncContext,
  suite: SuiteRelease,
  draft: TreeDraft,
): Promise<void> {
  for (const file of suite.files) {
    const { sha256 } = digestsOf(file.bytes);
    const path = suite.suite.path(file.name);
    const target = draft.place(path);
    if (linkSame(context, file.bytes, sha256, target)) continue;
    makeDirectory(context.layout.partial, 0o700);
    const temporary = join(context.layout.partial, sha256);
    writeNew(temporary, file.bytes, modificationTime(context, suite, file, path));
    context.objects.adopt(temporary, sha256, target);
  }
}

/** So few bytes are compared rather than trusted: everything else hangs by them. */
function linkSame(context: SyncContext, bytes: Buffer, sha256: Sha256, target: string): boolean {
  if (!context.objects.linkTo(sha256, target, bytes.length)) return false;
  if (readBytes(target).equals(bytes)) return true;
  removeFile(target);
  context.objects.disown(sha256);
  return false;
}

function writeNew(path: string, bytes: Uint8Array, time: Date): void {
  removeFile(path);
  const descriptor = openNew(path);
  try {
    writeFully(descriptor, bytes);
    setFileTimes(descriptor, time, time);
  } finally {
    closeFile(descriptor);
  }
}

/**
 * Upstream's, but later than that of the file it replaces: a web server would answer "not modified" to the clients that
 * ask for what has changed since they took the earlier one.
 */
function modificationTime(
  context: SyncContext,
  suite: SuiteRelease,
  file: SignatureFile,
  path: string,
): Date {
  const time = file.lastModified ?? suite.release.date ?? context.now();
  const generation = context.working.current();
  const replaced = generation && statLinkIfAny(join(generation.path, path))?.mtime;
  if (replaced === undefined || time > replaced) return time;
  return new Date(replaced.getTime() + 1000);
}
