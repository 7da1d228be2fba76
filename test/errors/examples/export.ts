import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertWritable } from "../../../src/operations/export/check-names.ts";
import { exportMirror } from "../../../src/operations/export/index.ts";
import { freeSpace } from "../../../src/platform/space.ts";
import { afterSync, type Example, type Stage } from "../stage.ts";

/** Exports the working mirror to a directory, after a change of it. */
const exported = (prepare: (disk: string, stage: Stage) => string | void, free = freeSpace): Example =>
  afterSync(async (stage) => {
    const disk = stage.bed.join("disk");
    mkdirSync(disk);
    const to = prepare(disk, stage) ?? disk;
    await stage.with((mirror) => exportMirror(mirror, free, { to, dryRun: false }));
  });

export const exportExamples: Readonly<Record<string, Example>> = {
  "export/INCOMPLETE": afterSync(async (stage) => {
    const disk = stage.bed.join("disk");
    mkdirSync(disk);
    const label = { format: 1, complete: false, mirror: "debian", files: 1, sizeBytes: 1 };
    const text = JSON.stringify({ ...label, exportedAt: stage.now.toISOString() });
    writeFileSync(join(disk, "mirrorctl-export.json"), text);
    const options = { force: false, noPgpCheck: false, from: disk };
    const [outcome] = await stage.run((run) => run.sync(["debian"], options));
    if (outcome?.kind === "failed") throw outcome.error;
  }),
  "export/TARGET_INSIDE": exported((_disk, { bed }) => join(bed.dir, "disk")),
  "export/TARGET_FOREIGN": exported((disk) => writeFileSync(join(disk, "thesis.odt"), "")),
  "export/TARGET_UNUSABLE": exported((disk) => join(disk, "not-mounted/debian")),
  "export/NO_SPACE": exported(
    () => undefined,
    () => ({ bytes: 1000, inodes: undefined }),
  ),
  // A file system whose names nobody chooses.
  "export/NAME_UNWRITABLE": () =>
    assertWritable({ path: "/proc/self", isCutOff: false }, [{ path: "pool/main/a:b.deb" }]),
  "export/TREE_DAMAGED": exported((_disk, { bed }) =>
    rmSync(join(bed.dir, "debian/pool/main/h/hello/hello_1.0-1_amd64.deb")),
  ),
};
