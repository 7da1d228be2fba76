import { join } from "node:path";
import type { Group } from "../measure/row.ts";
import { inProportion } from "../settings.ts";
import { suite } from "../upstream/upstream.ts";
import { builds } from "./builds.ts";

/** As many as Debian 12 has in main for amd64. */
const packages = 63_440;
const bytesOfPackage = 1_000;

export const dryRun: Group = {
  name: "dry-run",
  title: "Dry run",
  says: "`sync --dry-run` of a mirror that was never synced, with as many packages as Debian 12 has in main.",
  async *rows(stage) {
    const count = inProportion(stage.settings, packages);
    const site = await stage.site("dry-run", {
      packages: count,
      bytes: count * bytesOfPackage,
      isListOnly: true,
    });
    const mirrors = builds(stage.settings, site, "dry-run");
    for (const mirror of mirrors) mirror.reset();
    const index = join(site.upstream.root, `dists/${suite}/main/binary-amd64/Packages.xz`);
    yield {
      work: "sync --dry-run",
      contestants: [
        { name: "xz -dc", command: () => ({ argv: ["xz", "-dc", index] }) },
        ...mirrors.map(({ name, tool }) => ({ name, command: () => tool.run("sync", "--dry-run") })),
      ],
    };
  },
};
