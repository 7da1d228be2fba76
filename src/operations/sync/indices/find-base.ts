import {
  encodePath,
  joinPath,
  type ListedFile,
  type RepositoryDirectory,
  type RepositoryPath,
} from "../../../repository/index.ts";
import type { BodySink } from "../../../upstream/index.ts";
import { encodedBytesMax } from "../files/content-encoding.ts";
import type { LookContext } from "../sync-context.ts";

type FindPorts = Pick<LookContext, "upstream" | "signal">;

/** How many files of a suite are tried: upstreams may lack some that they list. */
const lookedForMax = 5;

/**
 * Asks upstream where the paths of a flat suite begin. A file that it has at neither path does not decide. If none does,
 * the paths begin at the base, as in apt.
 */
export async function findBase(
  ports: FindPorts,
  root: RepositoryPath,
  files: readonly ListedFile[],
): Promise<RepositoryDirectory> {
  for (const file of files.slice(0, lookedForMax)) {
    if (await isThere(ports, file, file.path)) return "";
    if (await isThere(ports, file, joinPath(root, file.path))) return root;
  }
  return "";
}

/** True if upstream has a file of the listed size at the path. Does not wait for its bytes. */
async function isThere(
  { upstream, signal }: FindPorts,
  { sizeBytes = 0 }: ListedFile,
  path: RepositoryPath,
): Promise<boolean> {
  const enough = new Error("the file is there");
  const sink: BodySink = {
    heldBytes: 0,
    heldValidator: undefined,
    begin: () => undefined,
    write() {
      throw enough;
    },
  };
  try {
    const request = { path: encodePath(path), sink, sizeBytes, bytesMax: encodedBytesMax(sizeBytes) };
    return (await upstream.download(request, signal)).kind === "accepted";
  } catch (error) {
    if (error === enough) return true;
    throw error;
  }
}
