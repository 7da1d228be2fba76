/** Makes the moves of a walk. */
import { pruneSnapshots } from "../../../src/operations/snapshots/prune-snapshots.ts";
import type { OpenedApp } from "../../support/open-app.ts";
import type { Fault } from "../../support/server-faults.ts";
import { type MirrorId, mirrorIds, type Run, type Surrounding } from "./moves.ts";
import { damageSnapshot, runVerb, verify } from "./run-verb.ts";
import { syncAll, type WalkedSite } from "./walked-site.ts";

/** Changes what the next runs find. */
export async function surround(site: WalkedSite, move: Surrounding): Promise<void> {
  switch (move.does) {
    case "change upstream":
      return await site.origin.change(move.change);
    case "select":
      site.selections[move.mirror] = move.selection;
      return undefined;
    case "decide":
      site.policies[move.mirror] = move.policy;
      return undefined;
    case "let time pass":
      return site.passMinutes(move.minutes);
  }
}

/** Returns the mirrors whose working mirror must now have what upstream has. */
export async function run(site: WalkedSite, move: Run): Promise<readonly MirrorId[]> {
  await using app = await site.open();
  switch (move.does) {
    case "sync":
      return await syncAll(app, [move.mirror]);
    case "sync both":
      return await syncAll(app, mirrorIds);
    case "tidy up":
      return await tidyUp(app);
    case "sync lacking":
      return await syncWithFault(site, app, move.mirror, { path: new RegExp(`/${move.name}`), status: 404 });
    case "sync overtaken":
      await syncOvertaken(site, app, move);
      return [];
    case "repair":
      await damageSnapshot(app.mirror(move.mirror), move);
      await verify(app, move.mirror, { deep: true, repair: true });
      return [];
    case "create":
    case "delete":
    case "prune":
    case "publish":
    case "stage":
    case "roll back":
    case "verify":
      await runVerb(app, move);
      return [];
  }
}

async function tidyUp(app: OpenedApp): Promise<readonly MirrorId[]> {
  const synced = await syncAll(app, mirrorIds);
  for (const id of mirrorIds) await pruneSnapshots(app.mirror(id), { dryRun: false, keepLast: 1000 });
  return synced;
}

type Overtaken = Extract<Run, { readonly does: "sync overtaken" }>;

/** Which of both states the sync takes is not said here, but it must be one of them. */
async function syncOvertaken(site: WalkedSite, app: OpenedApp, { mirror, change }: Overtaken): Promise<void> {
  const before = (): Promise<void> => site.origin.change(change);
  await syncWithFault(site, app, mirror, { path: /pool|Packages|by-hash/, times: 1, before });
  await verify(app, mirror, { deep: true, repair: false });
}

async function syncWithFault(
  { bed }: WalkedSite,
  app: OpenedApp,
  id: MirrorId,
  fault: Fault,
): Promise<readonly MirrorId[]> {
  const armed = bed.server.fault(fault);
  try {
    return await syncAll(app, [id]);
  } finally {
    armed.disarm();
  }
}
