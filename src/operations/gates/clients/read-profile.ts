import { basename } from "node:path";
import {
  ClientError,
  type DpkgStatus,
  type InstalledPackages,
  readDpkgStatus,
} from "../../../clients/index.ts";
import { whyUnreadable } from "../../../errors.ts";
import type { InvokerFiles } from "../../../platform/invoker-files.ts";
import { readingHint } from "../../../platform/ownership.ts";
import { extendedStatesOf } from "../../../platform/profile-files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";

/** The packages of a machine, copied from it. */
export interface Profile extends DpkgStatus {
  /** The name of the file, without ".status". */
  readonly name: string;
  readonly installed: InstalledPackages;
}

/** Throws a ClientError PROFILE_UNREADABLE or PROFILE_INVALID, or a RepositoryError; all of them name the file. */
export function readProfile(files: InvokerFiles, path: string): Profile {
  const status = readStatus(files, path);
  const extendedStates = readIfAny(files, extendedStatesOf(path));
  return {
    name: basename(path, ".status"),
    installed: { status, extendedStates },
    ...readDpkgStatus(status, path),
  };
}

/** Returns a text that is the same while the files of the profiles are. */
export function digestOfProfiles(files: InvokerFiles, paths: readonly string[]): string {
  const bytes = paths.flatMap((path) => [readIfAny(files, path), readIfAny(files, extendedStatesOf(path))]);
  return bytes.map((one) => (one === undefined ? "-" : digestsOf(one).sha256)).join(" ");
}

function readStatus(files: InvokerFiles, path: string): Uint8Array {
  try {
    return files.read(path);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ClientError("PROFILE_UNREADABLE", `cannot read the profile ${path}: ${reason}`, {
      facts: { path },
      hint: readingHint(path, error) ?? `Copy /var/lib/dpkg/status of a machine to ${path}.`,
      cause: error,
    });
  }
}

function readIfAny(files: InvokerFiles, path: string): Uint8Array | undefined {
  try {
    return files.read(path);
  } catch (error) {
    if (whyUnreadable(error) !== undefined) return undefined;
    throw error;
  }
}
