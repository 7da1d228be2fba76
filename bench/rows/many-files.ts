import type { Group } from "../measure/row.ts";
import { inProportion } from "../settings.ts";
import { builds } from "./builds.ts";
import {
  checksums,
  makeSnapshots,
  makingAndRemoving,
  readingAndMoving,
  rowsOf,
  treeOf,
} from "./snapshot-verbs.ts";

const snapshots = 10;
const packagesOfSite = 60_000;
const bytesOfPackage = 200;

export const manyFiles: Group = {
  name: "many-files",
  title: "Everyday commands, many files",
  says: `On a mirror with ${snapshots} snapshots of ${packagesOfSite.toLocaleString("en")} packages of ${bytesOfPackage} bytes. Each differs from the next in 1 %.`,
  async *rows(stage) {
    const packages = inProportion(stage.settings, packagesOfSite);
    const site = await stage.site("many-files", { packages, bytes: packages * bytesOfPackage });
    const mirrors = builds(stage.settings, site, "many-files");
    const [first] = mirrors;
    if (first === undefined) return;
    await makeSnapshots(site, mirrors, snapshots);
    const row = rowsOf(mirrors);
    yield* readingAndMoving(row);
    yield row("list", ["list", "m1"]);
    yield row("diff of two syncs", ["diff", "m1", "s1", "s2"]);
    yield {
      work: "status",
      contestants: mirrors.map(({ name, tool }) => ({ name, command: () => tool.run("status") })),
    };
    yield* makingAndRemoving(row, mirrors);
    yield row("verify --deep", ["verify", "m1", "s1", "--deep"], [], checksums(treeOf(first, "s1")));
  },
};
