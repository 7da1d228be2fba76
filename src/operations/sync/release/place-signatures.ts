import { join } from "node:path";
import { removeFile } from "../../../platform/files.ts";
import { readBytes, statLinkIfAny } from "../../../platform/look.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import type { Sha256 } from "../../../repository/index.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import type { ObjectStore } from "../../../store/index.ts";
import type { SyncContext } from "../sync-context.ts";
import type { SignatureFile } from "./signature-files.ts";
import type { SuiteRelease } from "./suite-release.ts";

export type PlacePorts = Pick<SyncContext, "objects" | "working" | "now">;

/** Puts InRelease, Release and Release.gpg into the tree, byte for byte as they were downloaded. */
export function placeSignatures(ports: PlacePorts, release: SuiteRelease, draft: TreeDraft): void {
  const { objects } = ports;
  for (const file of release.files) {
    const { sha256 } = digestsOf(file.bytes);
    const path = release.suite.path(file.name);
    const target = draft.place(path);
    if (linkSame(objects, file.bytes, sha256, target)) continue;
    const modifiedAt = modificationTime(ports, release, file, path);
    objects.adopt({ bytes: file.bytes, modifiedAt }, sha256, target);
  }
}

/** The few bytes that everything else depends on are compared, not trusted. */
function linkSame(
  objects: Pick<ObjectStore, "linkTo" | "disown">,
  bytes: Buffer,
  sha256: Sha256,
  target: string,
): boolean {
  if (!objects.linkTo(sha256, target, bytes.length)) return false;
  if (readBytes(target).equals(bytes)) return true;
  removeFile(target);
  objects.disown(sha256);
  return false;
}

/**
 * Returns upstream's time, or a later one than that of the file it replaces. Otherwise a web server would answer "not
 * modified" to clients that ask for what has changed since they downloaded the earlier file.
 */
function modificationTime(
  { working, now }: PlacePorts,
  { release }: SuiteRelease,
  file: SignatureFile,
  path: string,
): Date {
  const time = file.lastModified ?? release.date ?? now();
  const generation = working.current();
  const replaced = generation && statLinkIfAny(join(generation.path, path))?.mtime;
  if (replaced === undefined || time > replaced) return time;
  return new Date(replaced.getTime() + 1000);
}
