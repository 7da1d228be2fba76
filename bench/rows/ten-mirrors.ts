import type { Group } from "../measure/row.ts";
import { builds } from "./builds.ts";

const mirrors = 10;

export const tenMirrors: Group = {
  name: "ten-mirrors",
  title: "Ten mirrors of one upstream",
  says: "Ten mirrors with the same suites, synced by one command. One mirror is the reference.",
  async *rows(stage) {
    const site = await stage.main;
    const { server } = site;
    const one = builds({ ...stage.settings, against: undefined }, site, "one", { name: "one mirror" });
    const ten = builds(stage.settings, site, "ten", { name: "ten mirrors", mirrors });
    const skipping = builds(stage.settings, site, "ten-skipping", {
      name: "ten mirrors, skip_unchanged",
      mirrors,
      tables: { snapshot: { skip_unchanged: true } },
      mirror: { publish_to_staging: true },
    });
    yield {
      work: "first sync",
      server,
      contestants: [...one, ...ten].map((each) => each.firstSync()),
    };
    for (const each of [...one, ...ten, ...skipping]) await each.bringUpToDate();
    yield {
      work: "nothing new",
      server,
      contestants: [...one, ...ten, ...skipping].map((each) => each.update()),
      afterwards: () => [...one, ...ten, ...skipping].forEach((each) => each.remove()),
    };
  },
};
