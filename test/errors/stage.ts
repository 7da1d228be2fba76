/** A place where an error happens: a signed upstream with a mirror "debian" in this process, and a clock that does not move. */
import type { Run } from "../../src/app/index.ts";
import type { MirrorContext } from "../../src/operations/context.ts";
import { type SyncPorts, syncMirrors } from "../../src/operations/sync/index.ts";
import type { Host } from "../../src/platform/machine/host.ts";
import type { Timeouts } from "../../src/upstream/index.ts";
import { createSigningKey, createTestbed, type MirrorSettings, type Testbed } from "../support/index.ts";
import { openApp } from "../support/open-app.ts";
import type { SuiteOptions } from "../support/suite-options.ts";

const now = new Date("2026-05-04T03:02:01Z");
const published = new Date("2026-05-03T20:00:00Z");
const { signal } = new AbortController();

/** Making one takes longer than most examples. */
const key = createSigningKey();

export interface StageOptions {
  readonly suite?: SuiteOptions;
  readonly mirror?: MirrorSettings;
  /** Tables and keys beside the mirrors. */
  readonly global?: object;
  readonly host?: Partial<Host>;
  /** More patience, or less, than usual. */
  readonly timeouts?: Timeouts;
  /** Replaces ports of a sync. */
  readonly ports?: Partial<SyncPorts>;
}

export class Stage implements AsyncDisposable {
  readonly bed: Testbed;
  readonly now = now;
  #options: StageOptions;

  private constructor(bed: Testbed, options: StageOptions) {
    this.bed = bed;
    this.#options = options;
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const bed = await createTestbed({}, { key: await key });
    const stage = new Stage(bed, options);
    stage.configure({});
    bed.upstream.suite("stable", { compressions: ["gz"], ...options.suite }).addPackage("hello", "1.0-1");
    await bed.upstream.publish({ date: published });
    return stage;
  }

  /** Changes the configuration of the mirror, and how it is run. */
  configure(options: StageOptions): void {
    this.#options = { ...this.#options, ...options };
    const { mirror = {}, global = {} } = this.#options;
    this.bed.configure({ ...global, mirrors: { debian: mirror } });
  }

  /** Runs something as the command line would. */
  async run<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    await using opened = await this.#open();
    return work(opened.app.run({ who: "ada", signal, emit: () => undefined }));
  }

  /** Runs something with what operations get. */
  async with<Result>(work: (mirror: MirrorContext) => Result | Promise<Result>): Promise<Result> {
    await using opened = await this.#open();
    return await work(opened.mirror("debian"));
  }

  /** Throws if the sync fails. */
  async sync(): Promise<void> {
    await using opened = await this.#open();
    const openPorts = async (mirror: MirrorContext): Promise<SyncPorts> => ({
      ...(await opened.app.openSyncPorts(mirror)),
      ...this.#options.ports,
    });
    const options = { force: false, noPgpCheck: false };
    const [outcome] = await syncMirrors([opened.mirror("debian")], openPorts, options);
    if (outcome?.kind === "failed") throw outcome.error;
  }

  /** Makes a snapshot of the synced mirror. */
  async snapshot(name: string, stage = false): Promise<void> {
    await this.run((run) => run.snapshots.create("debian", { name, stage, force: false }));
  }

  #open() {
    const { host, timeouts } = this.#options;
    const settings = { now: () => now, env: { PATH: "/usr/bin:/bin" }, ...host };
    return openApp({ path: this.bed.configFile, timeouts }, settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bed[Symbol.asyncDispose]();
  }
}

/** An error, made by what a user could do. */
export type Example = () => unknown;

/** Syncs a mirror, after a change of its upstream. */
export function failedSync(
  change: (stage: Stage) => void | Promise<void> = () => undefined,
  options: StageOptions = {},
): Example {
  return async () => {
    await using stage = await Stage.open(options);
    await change(stage);
    await stage.sync();
  };
}

/** Syncs a mirror, and does something with the result. */
export function afterSync(work: (stage: Stage) => Promise<unknown>, options: StageOptions = {}): Example {
  return async () => {
    await using stage = await Stage.open(options);
    await stage.sync();
    await work(stage);
  };
}
