import { aptly } from "../contestants/aptly.ts";
import type { Group } from "../measure/row.ts";
import { builds } from "./builds.ts";
import { linkedCopy } from "./linked-copy.ts";

const mirror = { publish_to_staging: true };
const keepTwo = { prune: { keep_last: 2 } };

export const changedStaged: Group = {
  name: "changed-staged",
  title: "1 % changed, with snapshot and staging",
  says: "Every sync makes a snapshot, shows it in staging and prunes (`keep_last = 2`). aptly updates, makes a snapshot and publishes it, without signing or Contents; it keeps its snapshots.",
  async *rows(stage) {
    const site = await stage.main;
    const peer = site.mirror("aptly-staged", aptly);
    const ours = builds(stage.settings, site, "staged", { tables: { snapshot: keepTwo }, mirror });
    await peer.bringUpToDate();
    await peer.do(peer.tool.publishFirst);
    // Two snapshots are there before the first round, so that each round prunes one.
    for (const [index] of [1, 2].entries()) {
      if (index > 0) await site.changeOnePercent();
      for (const each of ours) await each.bringUpToDate();
    }
    yield {
      work: "1 % changed, snapshot, staging",
      server: site.server,
      contestants: [peer.update(() => peer.tool.updateAndPublish()), ...ours.map((each) => each.update())],
      async beforeRound() {
        for (const each of [peer, ...ours]) await each.bringUpToDate();
        await site.changeOnePercent();
      },
      afterwards: () => peer.remove(),
    };
  },
};

export const nothingNewStaged: Group = {
  name: "nothing-new-staged",
  title: "Nothing new, with snapshot and staging",
  says: "Without `skip_unchanged` every sync makes a snapshot, though nothing is new. `cp -al` makes the same links.",
  async *rows(stage) {
    const site = await stage.main;
    const every = builds(stage.settings, site, "staged", { tables: { snapshot: keepTwo }, mirror });
    const skipping = builds(stage.settings, site, "skipping", {
      name: "mirrorctl, skip_unchanged",
      tables: { snapshot: { ...keepTwo, skip_unchanged: true } },
      mirror,
    });
    const [first] = every;
    for (const each of [...every, ...skipping]) await each.bringUpToDate();
    yield {
      work: "nothing new, snapshot, staging",
      server: site.server,
      contestants: [
        ...(first === undefined ? [] : [linkedCopy(first)]),
        ...[...every, ...skipping].map((each) => each.update()),
      ],
    };
  },
};
