import { join } from "node:path";
import { objectPath } from "../../../layout.ts";
import { inodeIfAny, readChunks, statLinkIfAny } from "../../../platform/look.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import { UpstreamError } from "../../../upstream/index.ts";
import type { Absent, RepairSource } from "../../sync/index.ts";
import type { Repair } from "./plan-repairs.ts";
import type { RepairPorts } from "./repair-ports.ts";
import { type BytesFrom, type LeftDamaged, leftBecause, lostUpstream } from "./repair-result.ts";

/**
 * Puts the right bytes of a repair into a directory: from the store, a tree, or upstream. They are compared with what is
 * listed in each case, and are an object afterwards.
 */
export async function obtainBytes(
  ports: RepairPorts,
  repair: Repair,
  openDirectory: () => Promise<string>,
  download: RepairSource["download"],
): Promise<LeftDamaged | { readonly kind: "obtained"; readonly path: string; readonly from: BytesFrom }> {
  const { file } = repair;
  try {
    const directory = await openDirectory();
    const from = await obtainFrom(ports, repair, directory, download);
    if (typeof from !== "string") return lostUpstream(from, file);
    return { kind: "obtained", path: join(directory, file.path), from };
  } catch (error) {
    const left = leftBecause(error, file);
    if (left === undefined) throw error;
    return left;
  }
}

async function obtainFrom(
  ports: RepairPorts,
  { file, sources, found, candidates }: Repair,
  directory: string,
  download: RepairSource["download"],
): Promise<BytesFrom | Absent> {
  const { source, digests, now } = ports;
  await disownIfWrong(ports, file);
  if (await source.link(file, directory)) return "store";
  if (found !== undefined && (await source.copy(file, directory, [found.bytes], found.modifiedAt)))
    return found.from;
  for (const candidate of candidates) {
    const inode = inodeIfAny(candidate);
    if (inode === undefined || (await digests.problemOf(candidate, inode, file)) !== undefined) continue;
    const modifiedAt = statLinkIfAny(candidate)?.mtime ?? now;
    if (await source.copy(file, directory, readChunks(candidate), modifiedAt)) return "tree";
  }
  const downloaded = await download(file, directory, sources);
  if (downloaded.kind === "refused") throw downloaded.error;
  return downloaded.kind === "absent" ? downloaded : "upstream";
}

/** A sync trusts the names of the store. Here it is known that the disk has changed files. */
async function disownIfWrong({ objects, layout, digests }: RepairPorts, file: ListedFile): Promise<void> {
  if (file.digests.sha256 === undefined) return;
  const sha256 = parseSha256(file.digests.sha256);
  const object = objectPath(layout.objects, sha256);
  const inode = inodeIfAny(object);
  if (inode !== undefined && (await digests.problemOf(object, inode, file)) !== undefined)
    objects.disown(sha256);
}

/** Requests nothing more from an upstream that could not be reached: each request would wait for all its attempts. */
export function downloadWhileReachable(source: RepairSource): RepairSource["download"] {
  let unreachable: UpstreamError | undefined;
  return async (file, directory, paths) => {
    if (unreachable !== undefined) throw unreachable;
    try {
      return await source.download(file, directory, paths);
    } catch (error) {
      if (error instanceof UpstreamError && error.code !== "HTTP_STATUS") unreachable = error;
      throw error;
    }
  };
}
