import type { Group } from "../measure/row.ts";
import { dryRun } from "./dry-run.ts";
import { everyday } from "./everyday.ts";
import { firstSync } from "./first-sync.ts";
import { flushing } from "./flushing.ts";
import { foundFiles } from "./found-files.ts";
import { growth, updateGrowth } from "./growth.ts";
import { manyFiles } from "./many-files.ts";
import { changedStaged, nothingNewStaged } from "./staged.ts";
import { startUp } from "./start-up.ts";
import { tenMirrors } from "./ten-mirrors.ts";
import { changed, nothingNew } from "./updates.ts";

/** In the order in which they run: a later one finds the mirrors of an earlier one, and need not sync them. */
export const groups: readonly Group[] = [
  firstSync,
  foundFiles,
  nothingNew,
  changed,
  changedStaged,
  nothingNewStaged,
  everyday,
  manyFiles,
  tenMirrors,
  growth,
  updateGrowth,
  dryRun,
  startUp,
  flushing,
];
