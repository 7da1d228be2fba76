import type { Group } from "../measure/row.ts";
import { builds } from "./builds.ts";
import {
  checksums,
  makeSnapshots,
  makingAndRemoving,
  readingAndMoving,
  rowsOf,
  treeOf,
} from "./snapshot-verbs.ts";

const snapshots = 11;

export const everyday: Group = {
  name: "everyday",
  title: "Everyday commands",
  says: `On a mirror with ${snapshots} snapshots. Each differs from the next in 1 % of the packages.`,
  async *rows(stage) {
    const site = await stage.main;
    const mirrors = builds(stage.settings, site, "everyday", { tables: { gates: { min_packages: 1 } } });
    const [first] = mirrors;
    if (first === undefined) return;
    await makeSnapshots(site, mirrors, snapshots);
    const row = rowsOf(mirrors);
    yield* readingAndMoving(row);
    // A new snapshot each time, into which nothing was carried yet.
    yield row(
      "publish, 1 % differs",
      ["publish", "m1", "new"],
      [
        ["publish", "m1", "s1"],
        ["create", "m1", "new", "--force"],
      ],
    );
    yield row(
      "promote, tested before",
      ["promote", "m1"],
      [
        ["publish", "m1", "s1"],
        ["stage", "m1", "s3"],
        ["test", "m1"],
      ],
    );
    yield* makingAndRemoving(row, mirrors);
    yield row("verify --deep", ["verify", "m1", "s1", "--deep"], [], checksums(treeOf(first, "s1")));
  },
};
