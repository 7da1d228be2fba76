import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mirrorctl } from "../contestants/mirrorctl.ts";
import type { Group } from "../measure/row.ts";
import { inProportion } from "../settings.ts";

const packages = 3_000;
const bytesOfPackage = 20_000;

export const flushing: Group = {
  name: "flushing",
  title: "Flushing to disk",
  says: "What it costs that a tree is on disk before it is public. For the reference, sync(1) does nothing.",
  async *rows(stage) {
    const count = inProportion(stage.settings, packages);
    const site = await stage.site("flushing", { packages: count, bytes: count * bytesOfPackage });
    const programs = join(site.dir, "bin");
    mkdirSync(programs);
    symlinkSync("/bin/true", join(programs, "sync"));
    const env = { PATH: `${programs}:${process.env["PATH"]}` };
    const mirrors = [
      site.mirror("unflushed", (at) => mirrorctl(at, { name: "mirrorctl, not flushing", env })),
      site.mirror("flushed", mirrorctl),
    ];
    yield { work: "first sync", rounds: 2, contestants: mirrors.map((mirror) => mirror.firstSync()) };
  },
};
