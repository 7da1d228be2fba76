import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { Run } from "../../../src/app/index.ts";
import { openApt, readDpkgStatus } from "../../../src/clients/index.ts";
import { readProfile } from "../../../src/operations/gates/clients/read-profile.ts";
import { invokerFiles } from "../../../src/platform/invoker-files.ts";
import { openPrograms } from "../../../src/platform/machine/programs.ts";
import { carryOver } from "../../../src/publish/carry.ts";
import { afterSync, type Example, Stage } from "../stage.ts";

const { signal } = new AbortController();
type Promotion = Extract<Parameters<Run["promote"]>[1], { readonly force?: false }>;

/** Promotes a staged snapshot. */
const promoted = (
  options: (stage: Stage) => Omit<Promotion, "force"> = () => ({}),
  mirror: Readonly<Record<string, unknown>> = {},
): Example =>
  afterSync(
    async (stage) => {
      await stage.snapshot("one", true);
      await stage.snapshot("two");
      await stage.run((run) => run.promote(["debian"], { force: false, ...options(stage) }));
    },
    { mirror },
  );

/** Points staging to a snapshot, where `make` has put something else. */
const takenName = (make: (path: string) => void): Example =>
  afterSync(async (stage) => {
    await stage.snapshot("one");
    make(`${stage.bed.dir}/debian/staging`);
    await stage.run((run) => run.stage("debian", "one"));
  });

const signalGroup = (group: number, name: NodeJS.Signals): void => void process.kill(-group, name);

/** Runs the apt that is found in a directory. */
async function runApt(path: string): Promise<void> {
  await openApt({ programs: openPrograms(path, { signal, signalGroup }), tempDir: "/tmp" }).version();
}

/** As the disk fails while a file is read. */
const failingDisk = (): never => {
  throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
};

export const productionExamples: Readonly<Record<string, Example>> = {
  "publish/NAME_TAKEN": takenName((path) => mkdirSync(path)),
  "publish/LINK_FOREIGN": takenName((path) => symlinkSync("/srv/elsewhere", path)),
  "publish/TREE_UNREADABLE": afterSync(async (stage) => {
    await stage.snapshot("one");
    mkdirSync(stage.bed.join("next"));
    const from = `${stage.bed.dir}/.snapshots/debian/one`;
    const keep = { now: stage.now, graceMs: 1_000, isSound: failingDisk };
    await carryOver(from, stage.bed.join("next"), keep, signal);
  }),
  "gate/PROMOTION_REFUSED": promoted(() => ({}), { gates: { min_packages: 100 } }),
  "gate/PROMOTION_DECLINED": promoted(() => ({ confirm: () => Promise.resolve(false) })),
  "gate/STAGED_CHANGED": promoted((stage) => ({
    confirm: async () => {
      await stage.run((run) => run.stage("debian", "two"));
      return true;
    },
  })),
  "gate/NO_MACHINE": afterSync(async (stage) => {
    await stage.snapshot("one", true);
    const options = { packages: [], foreign: ["amd64"], all: false };
    await stage.run((run) => run.snapshots.checkInstallable("debian", [], options));
  }),
  "gate/APT_MISSING": () => runApt("/nonexistent"),
  "gate/APT_FAILED": async () => {
    await using stage = await Stage.open();
    mkdirSync(stage.bed.join("bin"));
    writeFileSync(stage.bed.join("bin/apt-get"), "#!/bin/sh\nkill -9 $$\n", { mode: 0o755 });
    await runApt(stage.bed.join("bin"));
  },
  "gate/PROFILE_INVALID": () => readDpkgStatus(Buffer.from(""), "/etc/mirrorctl/profiles/web.status"),
  "gate/PROFILE_UNREADABLE": () => readProfile(invokerFiles, "/etc/mirrorctl/profiles/missing.status"),
  "lock/LOCK_HELD": afterSync((stage) =>
    stage.with(async (mirror) => {
      using _lock = await mirror.lockWorkingMirror("sync");
      await mirror.lockWorkingMirror("sync");
    }),
  ),
};
