import { join } from "node:path";
import { mapBounded } from "../../../platform/map-bounded.ts";
import { UpstreamError } from "../../../upstream/index.ts";
import { bringHealthy, type Fetch } from "./bring-healthy.ts";
import type { BrokenFile, HealthySource } from "./broken-file.ts";
import { leftBecause, lostUpstream, type RepairOutcome } from "./outcome.ts";
import type { Outcomes, Repair } from "./repair.ts";
import type { MendingRooms } from "./replace-names.ts";
import type { Survey } from "./survey-trees.ts";

/** A file that has the right bytes, and what is to get them. */
export interface HealthyFile {
  readonly broken: BrokenFile;
  readonly healthy: string;
  readonly from: HealthySource;
}

/** The right bytes of each file, as far as they can be had; what cannot has its outcome. */
export async function bringAll(
  repair: Repair,
  rooms: MendingRooms,
  survey: Survey,
  files: readonly BrokenFile[],
  outcomes: Outcomes,
): Promise<readonly HealthyFile[]> {
  const fetch = fetchWhileReachable(repair);
  const results = await mapBounded(files.entries(), repair.source.maxConns, async ([index, broken]) => {
    const brought = await bringOne(repair, rooms, `bytes-${index}`, survey, broken, fetch);
    if ("healthy" in brought) return brought;
    for (const { damage } of broken.names) outcomes.set(damage, brought);
    return undefined;
  });
  return results.filter((one) => one !== undefined);
}

async function bringOne(
  repair: Repair,
  rooms: MendingRooms,
  name: string,
  survey: Survey,
  broken: BrokenFile,
  fetch: Fetch,
): Promise<HealthyFile | RepairOutcome> {
  const { file } = broken;
  try {
    const { trees } = repair.verification.context.layout;
    const directory = join((await rooms.open(trees)).path, name);
    const from = await bringHealthy(repair, directory, broken, survey, fetch);
    if (typeof from !== "string") return lostUpstream(from, file);
    return { broken, healthy: join(directory, file.path), from };
  } catch (error) {
    const left = leftBecause(error, file);
    if (left === undefined) throw error;
    return left;
  }
}

/** An upstream that cannot be reached is not asked for each file anew, with all the waiting between attempts. */
function fetchWhileReachable({ source }: Repair): Fetch {
  let unreachable: UpstreamError | undefined;
  return async ({ file, sources }, directory) => {
    if (unreachable !== undefined) throw unreachable;
    try {
      return await source.download(file, directory, sources);
    } catch (error) {
      if (error instanceof UpstreamError && error.code !== "HTTP_STATUS") unreachable = error;
      throw error;
    }
  };
}
