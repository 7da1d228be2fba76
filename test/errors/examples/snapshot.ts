import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../../../src/app/index.ts";
import { openMendingRoom } from "../../../src/snapshot/mend.ts";
import { assertSpaceForClone } from "../../../src/snapshot/trees/clone-space.ts";
import { afterSync, type Example, Stage } from "../stage.ts";

/** Does something with a synced mirror that has the snapshots "one", which is staged, and "two", with other packages. */
const withSnapshots = (work: (stage: Stage) => Promise<unknown>): Example =>
  afterSync(async (stage) => {
    await stage.snapshot("one", true);
    stage.bed.upstream.suite("stable").addPackage("tool", "2.0-1");
    await stage.bed.upstream.publish({ date: stage.now });
    await stage.sync();
    await stage.snapshot("two");
    await work(stage);
  });

const diff = (stage: Stage): Promise<unknown> =>
  stage.run((run) => run.snapshots.diff("debian", { from: "one", to: "two" }));

const promotion: Parameters<Run["promote"]>[1] = { force: false };

const pathIn = ({ bed }: Stage, path: string): string => join(bed.dir, ".snapshots/debian/one", path);
const index = "dists/stable/main/binary-amd64/Packages.gz";

/** Imports snapshots from a directory of the stage. */
const imported = (directory: (stage: Stage) => string): Example =>
  afterSync((stage) => {
    const options = { directories: [directory(stage)], link: false, dryRun: false };
    return stage.run((run) => run.snapshots.import("debian", options));
  });

export const snapshotExamples: Readonly<Record<string, Example>> = {
  "snapshot/IMPORT_INSIDE": imported(({ bed }) => join(bed.dir, ".snapshots")),
  "snapshot/NOTHING_TO_IMPORT": imported(({ bed }) => {
    mkdirSync(bed.join("old"));
    return bed.join("old");
  }),
  "snapshot/SNAPSHOT_NOT_FOUND": withSnapshots((stage) => stage.run((run) => run.stage("debian", "three"))),
  "snapshot/SNAPSHOT_EXISTS": withSnapshots((stage) => stage.snapshot("one")),
  "snapshot/SNAPSHOT_IN_USE": withSnapshots(async (stage) => {
    const { failures } = await stage.run((run) => run.snapshots.delete("debian", ["one"], { force: false }));
    throw failures.get("one");
  }),
  "snapshot/SNAPSHOT_NAME_INVALID": withSnapshots((stage) => stage.snapshot("a/b")),
  "snapshot/SNAPSHOT_NO_SPACE": async () => {
    await using stage = await Stage.open();
    const source = stage.bed.join("tree");
    mkdirSync(source);
    writeFileSync(join(source, "file"), "");
    truncateSync(join(source, "file"), 2 ** 42); // it has no blocks, until it is copied
    await assertSpaceForClone(source, ["file"], stage.bed.path, "copied", new AbortController().signal);
  },
  "snapshot/TREE_DAMAGED": withSnapshots(async (stage) => {
    for (const name of ["InRelease", "Release", "Release.gpg"]) rmSync(pathIn(stage, `dists/stable/${name}`));
    await diff(stage);
  }),
  "snapshot/TREE_UNREADABLE": withSnapshots(async (stage) => {
    const path = pathIn(stage, index);
    rmSync(path);
    writeFileSync(path, "no gzip");
    await diff(stage);
  }),
  "snapshot/TREE_LINKED": withSnapshots(async (stage) => {
    const tree = pathIn(stage, "");
    renameSync(join(tree, "pool"), stage.bed.join("elsewhere"));
    symlinkSync(stage.bed.join("elsewhere"), join(tree, "pool"));
    const room = await openMendingRoom(join(tree, ".."));
    room.replace(stage.bed.configFile, tree, "pool/main/h/hello/hello_1.0-1_amd64.deb");
  }),
  "snapshot/NOTHING_STAGED": afterSync((stage) => stage.run((run) => run.promote(["debian"], promotion))),
  "snapshot/NEVER_STAGED": withSnapshots((stage) =>
    stage.run((run) => run.promote(["debian"], { ...promotion, snapshot: "two" })),
  ),
  "snapshot/NOTHING_IN_PRODUCTION": withSnapshots((stage) =>
    stage.run((run) => run.rollBack(["debian"], {})),
  ),
  "snapshot/NOT_SERVED": async () => {
    await using stage = await Stage.open();
    const base_url = "http://apt.example.org/";
    stage.configure({ global: { publish: { base_url }, snapshot: { path: stage.bed.join("snapshots") } } });
    await stage.sync();
    await stage.snapshot("one");
    const options = { of: { snapshot: "one" }, format: "deb822", baseUrl: undefined } as const;
    await stage.run((run) => run.clientConfig("debian", options));
  },
  "snapshot/NO_PREDECESSOR": withSnapshots(async (stage) => {
    await stage.run((run) => run.publish("debian", "one", undefined));
    await stage.run((run) => run.rollBack(["debian"], {}));
  }),
  "snapshot/NOTHING_SYNCED": async () => {
    await using stage = await Stage.open();
    await stage.snapshot("one");
  },
};
