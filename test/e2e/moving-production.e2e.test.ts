/**
 * Real apt clients of every kind, with and without earlier lists, update and download through nginx without a pause.
 * Meanwhile production moves between snapshots that differ in every index and package.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { MirrorContext } from "../../src/operations/context.ts";
import { rollBack } from "../../src/operations/production/roll-back.ts";
import { stageSnapshot } from "../../src/operations/production/stage-snapshot.ts";
import { promoteSnapshots } from "../../src/operations/promotion/promote-snapshots.ts";
import {
  type AptClient,
  aptKinds,
  createAptClient,
  createWorkspace,
  recordFigures,
  startNginx,
  type Workspace,
} from "../support/index.ts";
import { openApp } from "../support/open-app.ts";

const snapshotNames = ["one", "two", "three", "four"];
const switchesWanted = 200;
const roundsOfClient = 6;
const clients = aptKinds.flatMap((kind) => [
  { kind, fresh: true },
  { kind, fresh: false },
]);

/** Makes snapshots, each with its own version of `tool` and a package that only it has. */
async function fillMirror(workspace: Workspace): Promise<void> {
  const suite = workspace.upstream.suite("stable").addTranslation("en").addContents();
  for (const [index, name] of snapshotNames.entries()) {
    if (index > 0) suite.removePackage("tool").removePackage(`only-${snapshotNames[index - 1]}`);
    suite.addPackage("tool", `${index + 1}.0-1`).addPackage(`only-${name}`, "1.0-1");
    await workspace.upstream.publish();
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", name]);
  }
  await workspace.arrange(["snapshot", "publish", "debian", "one"]);
}

/** Stages, promotes and rolls back until the clients have finished. Returns how often production moved. */
async function switchUntil(mirror: MirrorContext, haveDone: (switches: number) => boolean): Promise<number> {
  let switches = 0;
  for (let round = 0; !haveDone(switches); round++) {
    await stageSnapshot(mirror, snapshotNames[round % snapshotNames.length] ?? "");
    await promoteSnapshots([mirror], { force: true, reason: "rolled back for the test alone" });
    await nextTurn();
    switches++;
    if (round % 3 !== 2) continue;
    await rollBack([mirror], {});
    await nextTurn();
    switches++;
  }
  return switches;
}

/** Updates and downloads in rounds. Stops at the first complaint, and returns it. */
async function useInLoop(
  client: AptClient,
  dir: string,
  options: { readonly fresh: boolean },
): Promise<string[]> {
  for (let round = 0; round < roundsOfClient; round++) {
    if (options.fresh) await client.forgetLists();
    const downloads = join(dir, "downloads");
    await mkdir(downloads);
    for (const result of [await client.update(), await client.download(["tool"], downloads)])
      if (result.exitCode !== 0 || result.complaints.length > 0) return [result.output];
    await rm(downloads, { recursive: true });
  }
  return [];
}

interface Outcome {
  readonly switches: number;
  readonly complaints: readonly string[];
}

async function moveUnderClients(
  publish: Readonly<Record<string, string>>,
  switchesMin: number,
): Promise<Outcome> {
  await using workspace = await createWorkspace({ publish, mirrors: { debian: {} } });
  await fillMirror(workspace);
  await using nginx = await startNginx({ root: workspace.dir });
  await using app = await openApp({ path: workspace.configFile });
  const mirror = app.mirror("debian");
  let ended = 0;
  const uses = clients.map(async ({ kind, fresh }) => {
    const dir = workspace.join(`${kind}-${fresh ? "fresh" : "warm"}`);
    const sources = `deb ${nginx.url}/debian/current stable main`;
    const keyrings = { "archive.asc": workspace.key.publicKeyArmored };
    const client = await createAptClient({ kind, dir, sources, keyrings });
    try {
      return await useInLoop(client, dir, { fresh });
    } finally {
      ended++;
    }
  });
  const switches = await switchUntil(mirror, (moves) => moves >= switchesMin && ended === clients.length);
  return { switches, complaints: (await Promise.all(uses)).flat() };
}

describe("clients in the middle of an update or before a download", () => {
  test("never fail while production moves", async () => {
    const { switches, complaints } = await moveUnderClients({}, switchesWanted);
    recordFigures("Moves of production under clients", {
      "moves of production": switches,
      "updates and downloads": clients.length * roundsOfClient,
      failures: complaints.length,
    });
    expect(complaints).toEqual([]);
    expect(switches).toBeGreaterThanOrEqual(switchesWanted);
  });

  test("fail if no files are carried", async () => {
    const { complaints } = await moveUnderClients({ grace: "0" }, 0);
    expect(complaints.join("\n")).toMatch(/404|unexpected size|Hash Sum mismatch/);
  });
});
