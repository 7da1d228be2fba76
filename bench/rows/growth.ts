import type { Group } from "../measure/row.ts";
import { inProportion } from "../settings.ts";
import { sectionsOf } from "../upstream/upstream.ts";
import { builds } from "./builds.ts";

const sizes = [3_000, 30_000, 100_000];
const bytesOfPackage = 200;
const changedPackages = 30;

/**
 * Ten times as many packages, of which as many change: 1 % of the smaller number. They are in one index, or in ten as upstreams
 * of that size have them, of which one changes.
 */
const updateShapes = [
  { size: 30_000, sections: 1 },
  { size: 300_000, sections: 1 },
  { size: 300_000, sections: 10 },
];
const onePercent = 300;

export const updateGrowth: Group = {
  name: "update-growth",
  title: "Growth of an update",
  says: `${onePercent} packages of ${bytesOfPackage} bytes of one index have new versions, whatever the size of the mirror.`,
  async *rows(stage) {
    const count = inProportion(stage.settings, onePercent);
    for (const { size, sections } of updateShapes) {
      const packages = inProportion(stage.settings, size);
      const shape = { packages, bytes: packages * bytesOfPackage, sections };
      const site = await stage.site(`growth-${size}${sections === 1 ? "" : `-in-${sections}`}`, shape);
      const mirrors = builds(stage.settings, site, "update", { mirror: { sections: sectionsOf(shape) } });
      const bringAllUpToDate = async (): Promise<void> => {
        for (const mirror of mirrors) await mirror.bringUpToDate();
      };
      await bringAllUpToDate();
      await site.change(count);
      yield {
        work: `${packages.toLocaleString("en")}${sections === 1 ? "" : `, ${sections} indices`}: ${count} changed`,
        server: site.server,
        contestants: mirrors.map((mirror) => mirror.update()),
        async beforeRound() {
          await bringAllUpToDate(); // from the second change on, there is a spare
          await site.change(count);
        },
        afterwards: () => mirrors.forEach((mirror) => mirror.remove()),
      };
    }
  },
};

export const growth: Group = {
  name: "growth",
  title: "Growth",
  says: `Packages of ${bytesOfPackage} bytes, so that only their number counts.`,
  async *rows(stage) {
    for (const size of sizes) {
      const packages = inProportion(stage.settings, size);
      const site = await stage.site(`growth-${size}`, { packages, bytes: packages * bytesOfPackage });
      const mirrors = builds(stage.settings, site, "plain");
      const { server } = site;
      const among = packages.toLocaleString("en");
      const update = mirrors.map((mirror) => mirror.update());
      yield {
        work: `${among}: first sync`,
        server,
        contestants: mirrors.map((mirror) => mirror.firstSync()),
      };
      for (const mirror of mirrors) await mirror.bringUpToDate();
      yield { work: `${among}: nothing new`, server, contestants: update };
      yield {
        work: `${among}: ${changedPackages} changed`,
        server,
        contestants: update,
        beforeRound: () => site.change(changedPackages),
        afterwards: () => mirrors.forEach((mirror) => mirror.remove()),
      };
    }
  },
};
