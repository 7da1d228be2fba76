import { aptMirror } from "../contestants/apt-mirror.ts";
import { aptly } from "../contestants/aptly.ts";
import { debmirror } from "../contestants/debmirror.ts";
import type { Group } from "../measure/row.ts";
import type { Settings } from "../settings.ts";
import type { Site } from "../stage/site.ts";
import { builds } from "./builds.ts";

export const nothingNew: Group = {
  name: "nothing-new",
  title: "Nothing new",
  says: "A sync of an upstream that has not changed since the one before.",
  async *rows(stage) {
    const site = await stage.main;
    const mirrors = everyTool(stage.settings, site);
    for (const mirror of mirrors) await mirror.bringUpToDate();
    yield { work: "nothing new", server: site.server, contestants: mirrors.map((mirror) => mirror.update()) };
  },
};

export const changed: Group = {
  name: "changed",
  title: "1 % changed",
  says: "One package in a hundred has a new version. The old one is gone from upstream. mirrorctl has followed a change before: from then on it has a spare tree.",
  async *rows(stage) {
    const site = await stage.main;
    const mirrors = everyTool(stage.settings, site);
    for (const mirror of mirrors) await mirror.bringUpToDate();
    await site.changeOnePercent();
    yield {
      work: "1 % changed",
      server: site.server,
      contestants: mirrors.map((mirror) => mirror.update()),
      async beforeRound() {
        for (const mirror of mirrors) await mirror.bringUpToDate();
        await site.changeOnePercent();
      },
    };
  },
};

const everyTool = (settings: Settings, site: Site) => [
  site.mirror("apt-mirror", aptMirror),
  site.mirror("aptly", aptly),
  site.mirror("debmirror", debmirror),
  ...builds(settings, site, "plain"),
];
