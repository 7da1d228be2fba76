/** Two mirrors with one store and one upstream, whose configuration and clock a walk changes. */
import { syncMirrors } from "../../../src/operations/sync/index.ts";
import { createTestbed, type Testbed, type TestbedConfig } from "../../support/index.ts";
import { type OpenedApp, openApp } from "../../support/open-app.ts";
import { type MirrorId, mirrorIds } from "./moves.ts";
import { Origin } from "./origin.ts";
import { type Policy, policySettings, type Selection, selectionSettings } from "./settings.ts";

const firstSelection: Selection = {
  suites: ["stable", "updates"],
  sections: ["main"],
  architectures: ["amd64"],
  source: false,
  isFiltered: false,
  allowMissing: false,
};
const firstPolicy: Policy = {
  snapshots: "each sync",
  skipUnchanged: false,
  showsWorking: true,
  grace: "1h",
};

export class WalkedSite implements AsyncDisposable {
  readonly bed: Testbed;
  readonly origin: Origin;
  readonly selections: Record<MirrorId, Selection> = { noble: firstSelection, jammy: firstSelection };
  readonly policies: Record<MirrorId, Policy> = { noble: firstPolicy, jammy: firstPolicy };
  /** A month after the first Release: no clock that goes back makes one come from the future. */
  #now = Date.parse("2025-04-01T00:00:00Z");

  private constructor(bed: Testbed) {
    this.bed = bed;
    this.origin = new Origin(bed.upstream);
  }

  static async make(): Promise<WalkedSite> {
    const site = new WalkedSite(await createTestbed({}));
    await site.origin.publish();
    return site;
  }

  get dir(): string {
    return this.bed.dir;
  }

  passMinutes(minutes: number): void {
    this.#now += minutes * 60_000;
  }

  /** Opens the site as a run of the program does, which knows nothing but the configuration and the disk. */
  open(): Promise<OpenedApp> {
    const settings = mirrorIds.map((id) => [
      id,
      { ...selectionSettings(this.selections[id]), ...policySettings(this.policies[id]) },
    ]);
    return this.#open({ mirrors: Object.fromEntries(settings) });
  }

  /** Opens a mirror with the same selection and without snapshots, in an empty directory. */
  openFresh(id: MirrorId, dir: string): Promise<OpenedApp> {
    return this.#open({ dir, mirrors: { [id]: selectionSettings(this.selections[id]) } });
  }

  #open(config: TestbedConfig): Promise<OpenedApp> {
    this.bed.configure(config);
    return openApp({ path: this.bed.configFile }, { tempDir: this.bed.path, now: () => new Date(this.#now) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bed[Symbol.asyncDispose]();
  }
}

/** Syncs mirrors as the command does. Throws if one of them fails. Returns those whose trees lack nothing. */
export async function syncAll(
  { app, mirror }: OpenedApp,
  ids: readonly MirrorId[],
): Promise<readonly MirrorId[]> {
  const options = { force: false, noPgpCheck: false };
  const outcomes = await syncMirrors(ids.map(mirror), app.openSyncPorts, options);
  for (const outcome of outcomes) if (outcome.kind !== "synced") throw outcome.error;
  return ids.filter((_id, index) => {
    const outcome = outcomes[index];
    return outcome?.kind === "synced" && outcome.missing.length === 0;
  });
}
