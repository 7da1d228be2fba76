import { aptMirror } from "../contestants/apt-mirror.ts";
import { aptly } from "../contestants/aptly.ts";
import { curl } from "../contestants/curl.ts";
import { debmirror } from "../contestants/debmirror.ts";
import type { Group } from "../measure/row.ts";
import { withDistance } from "../upstream/server.ts";
import { builds } from "./builds.ts";

const farMs = 20;

export const firstSync: Group = {
  name: "first-sync",
  title: "First sync",
  says: "Into an empty directory. curl and apt-mirror verify nothing; debmirror downloads one file at a time.",
  async *rows(stage) {
    const site = await stage.main;
    const near = [
      site.mirror("curl", curl),
      site.mirror("apt-mirror", aptMirror),
      site.mirror("aptly", aptly),
      site.mirror("debmirror", debmirror),
      ...builds(stage.settings, site, "plain"),
    ];
    yield {
      work: "loopback",
      server: site.server,
      contestants: near.map((mirror) => mirror.firstSync()),
      afterwards: () => near[0]?.remove(), // no other row needs what curl has
    };
    await using distance = await withDistance(site.server.url, farMs);
    const { url } = distance;
    for (const mirror of near) mirror.remove();
    const slow = site.mirror("far-debmirror", debmirror, url);
    const far = [
      site.mirror("far-curl", curl, url),
      site.mirror("far-apt-mirror", aptMirror, url),
      site.mirror("far-aptly", aptly, url),
      slow,
      ...builds(stage.settings, site, "far", { url }),
    ];
    yield {
      work: `${farMs} ms round trip`,
      server: site.server,
      contestants: far.map((mirror) => mirror.firstSync({ once: mirror === slow })),
      afterwards: () => far.forEach((mirror) => mirror.remove()),
    };
  },
};
