/** Commands of one mirror, by their operations. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MirrorContext } from "../../../src/operations/context.ts";
import { publishSnapshot, rollBack, stageSnapshot } from "../../../src/operations/production/index.ts";
import { createSnapshot, deleteSnapshots } from "../../../src/operations/snapshots/index.ts";
import { pruneSnapshots } from "../../../src/operations/snapshots/prune-snapshots.ts";
import { verifySnapshots } from "../../../src/operations/verify/index.ts";
import type { OpenedApp } from "../../support/open-app.ts";
import { readOwnFiles } from "../disk-state.ts";
import { type MirrorId, mirrorIds, type Verb } from "./moves.ts";

/** Damage that no fault and no move has done. */
class UnexpectedDamage extends Error {}

export type OtherVerb = Exclude<Verb, { readonly does: "sync" | "sync lacking" }>;

export async function runVerb(app: OpenedApp, verb: OtherVerb): Promise<void> {
  const mirror = app.mirror(verb.mirror);
  const name = async (which: number): Promise<string | undefined> => {
    const snapshots = await mirror.catalog.list();
    return snapshots[which % snapshots.length]?.name;
  };
  switch (verb.does) {
    case "create":
      return void (await createSnapshot(mirror, verb));
    case "delete": {
      const names = await Promise.all(verb.which.map(name));
      const chosen = new Set(names.filter((each) => each !== undefined));
      const { failures } = await deleteSnapshots(mirror, [...chosen], verb);
      for (const failure of failures.values()) throw failure;
      return undefined;
    }
    case "prune":
      return void (await pruneSnapshots(mirror, { dryRun: false, keepLast: verb.keepLast }));
    case "publish":
    case "stage": {
      const chosen = await name(verb.which);
      if (chosen === undefined) return undefined;
      if (verb.does === "stage") return void (await stageSnapshot(mirror, chosen));
      return void (await publishSnapshot(mirror, chosen, undefined));
    }
    case "roll back":
      return void (await rollBack([mirror], {}));
    case "verify":
      return await verify(app, verb.mirror, { deep: verb.deep, repair: false });
  }
}

/** Throws if a tree is damaged, or is not whole after the repair. */
export async function verify(
  { app, mirror }: OpenedApp,
  id: MirrorId,
  options: { readonly deep: boolean; readonly repair: boolean },
): Promise<void> {
  const ports = { mirrors: mirrorIds.map(mirror), openSyncPorts: app.openSyncPorts };
  const { trees } = await verifySnapshots(mirror(id), ports, options);
  for (const { name, result, damages, faults } of trees)
    if (result === "damaged")
      throw new UnexpectedDamage(`damage in ${name}: ${JSON.stringify([...damages, ...faults])}`);
}

/** Replaces a file of a snapshot, and no other name of it. Not signature files, without which nothing can be checked. */
export async function damageSnapshot(
  { catalog }: MirrorContext,
  { which, file }: { readonly which: number; readonly file: number },
): Promise<void> {
  const snapshots = await catalog.list();
  const root = snapshots[which % snapshots.length]?.path;
  if (root === undefined) return;
  const paths = Object.keys(readOwnFiles(root)).filter((path) => !/Release(?:\.gpg)?$/.test(path));
  const path = join(root, paths[file % paths.length] ?? "");
  const bytes = readFileSync(path);
  rmSync(path);
  writeFileSync(
    path,
    bytes.map((byte) => byte ^ 1),
  );
}
